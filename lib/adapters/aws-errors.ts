import { OutsideRefusal, OutsideTrouble } from '../core/errors.ts';

/** Names under which AWS says "later": only some of them come with status 429 or 5xx. */
const LATER = new Set([
  'InternalServerError',
  'InternalServiceError',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'Throttling',
  'ThrottledException',
  'ThrottlingException',
  'TooManyRequestsException',
  'TooManyUpdates',
  'TransactionInProgressException',
]);

/** Whether asking AWS again may help. No status at all means that no answer came. */
export function isTrouble(error: unknown): boolean {
  if (error instanceof OutsideTrouble) return true;
  if (error instanceof OutsideRefusal || error instanceof TypeError) return false;
  const status = statusOf(error);
  return status === undefined || status === 429 || status >= 500 || LATER.has(nameOf(error));
}

/** What AWS threw as one of our two: `Cannot <action>: <name>: <message>`. */
export function outside(action: string, error: unknown): Error {
  if (error instanceof OutsideTrouble || error instanceof OutsideRefusal) return error;
  const text = `Cannot ${action}: ${nameOf(error)}: ${messageOf(error)}`;
  return isTrouble(error)
    ? new OutsideTrouble(text, { cause: error })
    : new OutsideRefusal(text, { cause: error });
}

/** Runs a call to AWS; what it throws becomes one of our two. */
export async function asking<T>(action: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw outside(action, error);
  }
}

export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'Error');

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\.\s*$/, '');

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const { $metadata } = error;
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata))
    return undefined;
  return typeof $metadata.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined;
}
