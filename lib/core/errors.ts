import { cutTo } from './cut.ts';
import { redacted } from './redact.ts';

/**
 * Trouble outside, bad input and bugs. Expected endings are values, never thrown.
 * Names are string literals: Step Functions matches on them and minifiers rename classes (docs/decisions).
 */
abstract class ReinstateError extends Error {
  abstract override readonly name: string;
}

/** The input cannot be used; nothing was changed. Exit code 2 on the command line. */
export class BadInput extends ReinstateError {
  override readonly name = 'BadInput';
}

/** Something needed is not there or not ready: no deployment, no Python, no armed service. Exit code 3. */
export class NotReady extends ReinstateError {
  override readonly name = 'NotReady';
}

/** Another execution holds the lease now; nothing may be written under the old fence. Never retried. */
export class FenceLost extends ReinstateError {
  override readonly name = 'FenceLost';
}

/** An earlier attempt of this step may still be running; try again after `retryAt` (epoch ms). */
export class StepStillRunning extends ReinstateError {
  override readonly name = 'StepStillRunning';
  readonly retryAt: number;
  constructor(message: string, retryAt: number) {
    super(message);
    this.retryAt = retryAt;
  }
}

/** The incident is being closed at this moment; the alarm must not be lost, so try again shortly. */
export class IncidentClosing extends ReinstateError {
  override readonly name = 'IncidentClosing';
}

/** An outside system could not be reached, throttled us or answered nonsense. Safe to ask again. */
export class OutsideTrouble extends ReinstateError {
  override readonly name = 'OutsideTrouble';
}

/** An outside system refused for good: missing target, no permission. Asking again will not help. */
export class OutsideRefusal extends ReinstateError {
  override readonly name = 'OutsideRefusal';
}

/** Our own typed errors that a state may retry, with how long an attempt of theirs may last. */
export const RETRYABLE_ERRORS = ['StepStillRunning', 'IncidentClosing', 'OutsideTrouble'] as const;

/** The platform's own errors, which every stage can take because all are idempotent. */
export const PLATFORM_ERRORS = [
  'Lambda.Unknown',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Runtime.ExitError',
  'Sandbox.Timedout',
] as const;

/** The sentence of anything thrown, for receipts and pages: without the credentials that an answer may echo (F55). */
export const sentenceOf = (error: unknown): string =>
  cutTo(redacted(error instanceof Error ? error.message : String(error)), LONGEST_SENTENCE);

/** What an outside system says may be a megabyte; nobody reads more, and an item holds 400 KB (F59). */
const LONGEST_SENTENCE = 2000;
