import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import { sentenceOf } from '../lib/core/errors.ts';

/** What a handler needs of Lambda's context. */
export interface Context {
  getRemainingTimeInMillis(): number;
}

/** Catch hands an error's text on as it is, and no state may grow over 8 KiB. */
const LONGEST_MESSAGE = 500;

/**
 * Lambda's own timeout ends the process. Middy's early answer would leave it frozen with its work half done, to go on
 * at the next invocation, after `actUntil`; and its `TimeoutError` is no error that the state machine retries.
 */
const NO_EARLY_ANSWER = { timeoutEarlyInMillis: 0 };

export const logger = new Logger();

/**
 * A stage as a Lambda handler: one line of log when it is done, one when it fails. Results are ids and small facts.
 * Inputs are not logged: an event's strings are somebody else's.
 */
export function handlerOf<I, O extends object>(work: (input: I, context: Context) => Promise<O>) {
  return middy<I, O, Error, never>(NO_EARLY_ANSWER)
    .onError(({ error }) => {
      logger.error('failed', { name: error?.name, text: bounded(error) });
    })
    .after(({ response }) => {
      logger.info('done', { ...response });
    })
    .handler(async (input: I, context: unknown) => work(input, context as Context));
}

/**
 * Shortens the error itself and takes credentials out: its name is what the state machine matches, its text is for
 * people, and stays in the execution's history.
 */
function bounded(error: unknown): string {
  const text = sentenceOf(error);
  const short = text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}...` : text;
  if (error instanceof Error) {
    error.message = short;
    error.stack = `${error.name}: ${short}`;
  }
  return short;
}
