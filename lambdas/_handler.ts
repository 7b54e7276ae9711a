import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';

/** What a handler needs of Lambda's context. */
export interface Context {
  getRemainingTimeInMillis(): number;
}

/** Catch hands an error's text on as it is, and no state may grow over 8 KiB. */
const LONGEST_MESSAGE = 500;

const logger = new Logger();

/**
 * A stage as a Lambda handler: one line of log when it is done, one when it fails. Results are ids and small facts.
 * Inputs are not logged: an event's strings are somebody else's.
 */
export function handlerOf<I, O extends object>(work: (input: I, context: Context) => Promise<O>) {
  return middy<I, O, Error, never>()
    .onError(({ error }) => {
      logger.error('failed', { name: error?.name, text: bounded(error) });
    })
    .after(({ response }) => {
      logger.info('done', { ...response });
    })
    .handler(async (input: I, context: unknown) => work(input, context as Context));
}

/** Shortens the error itself: its name is what the state machine matches, its text is for people. */
function bounded(error: Error | null | undefined): string {
  if (!error) return '';
  if (error.message.length > LONGEST_MESSAGE) error.message = `${error.message.slice(0, LONGEST_MESSAGE)}...`;
  error.stack = `${error.name}: ${error.message}`;
  return error.message;
}
