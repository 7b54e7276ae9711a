/** Trouble outside is waited out: who watches an incident is the last to give up on it. */
import { OutsideTrouble, sentenceOf } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { remark, type Session } from './session.ts';

/**
 * Failures in a row: 10 minutes where each is refused at once, 36 where each runs into its timeout. By then an incident
 * has ended by itself, or a person was paged.
 */
const MOST_TRIES = 120;
const LONGEST_WAIT_MS = 5000;

export interface Patience {
  /** Failures in a row. */
  readonly tries: () => number;
  /** @returns the milliseconds to wait. @throws what asking again cannot mend, and trouble that does not end. */
  readonly failed: (error: unknown) => number;
  readonly worked: () => void;
}

/** @param usualMs between two questions while all is well */
export function patience(usualMs: number): Patience {
  let tries = 0;
  return {
    tries: () => tries,
    failed: (error) => {
      tries += 1;
      if (!(error instanceof OutsideTrouble)) throw error;
      if (tries < MOST_TRIES) return Math.min(LONGEST_WAIT_MS, usualMs * 2 ** tries);
      throw new OutsideTrouble(`Cannot go on watching after ${tries} attempts: ${sentenceOf(error)}`, {
        cause: error,
      });
    },
    worked: () => {
      tries = 0;
    },
  };
}

/** Milliseconds between two questions whether there is an incident yet. */
const ASK_MS = 500;

export interface Asking {
  readonly clock: Clock;
  /** Aborted: asks no further. */
  readonly signal: AbortSignal;
}

/** Asks until there is an answer; trouble is told once. @returns nothing when it was stopped before. */
export async function askUntil<T>(
  session: Session,
  { clock, signal }: Asking,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const patient = patience(ASK_MS);
  const stopped = aborted(signal);
  while (!signal.aborted) {
    let waitMs = ASK_MS;
    try {
      const answer = await Promise.race([ask(), stopped]);
      patient.worked();
      if (answer !== undefined) return answer;
    } catch (error) {
      waitMs = patient.failed(error);
      if (patient.tries() === 1) remark(session, `${sentenceOf(error)}; asking again`);
    }
    await Promise.race([clock.sleep(waitMs), stopped]);
  }
  return undefined;
}

/** Resolves when nobody watches any more. */
export const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
