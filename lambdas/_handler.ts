import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';

/** What a handler needs of Lambda's context. */
export interface Context {
  getRemainingTimeInMillis(): number;
  readonly awsRequestId: string;
}

const logger = new Logger();

/**
 * A stage as a Lambda handler: one line of log in, one out, errors by name. Inputs are ids and small facts, or
 * an event of which only the trigger's kind is logged: its strings are somebody else's.
 */
export function handlerOf<I, O extends object>(work: (input: I, context: Context) => Promise<O>) {
  return middy<I, O, Error, never>()
    .onError(({ error }) => {
      logger.error('failed', { name: error?.name, text: error?.message });
    })
    .after(({ response }) => {
      logger.info('done', { ...response });
    })
    .handler(async (input: I, context: unknown) => work(input, context as Context));
}
