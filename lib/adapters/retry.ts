import type { Clock } from '../ports/clock.ts';

/** How often and how long something is asked again: full jitter, so that neighbours do not meet twice. */
export interface Retry {
  readonly clock: Clock;
  readonly attempts: number;
  /** Nothing is asked again once this much time is gone. */
  readonly budgetMs: number;
  /** The longest wait before the second attempt; doubled for each one after. */
  readonly firstWaitMs: number;
  /** @default Math.random */
  readonly random?: () => number;
}

/** Asks until it answers, it fails in a way that `again` does not want, or attempts or budget are spent. */
export async function retrying<T>(
  retry: Retry,
  ask: (attempt: number) => Promise<T>,
  again: (error: unknown) => boolean,
): Promise<T> {
  const { clock, attempts, budgetMs } = retry;
  const endsAt = clock.now() + budgetMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask(attempt);
    } catch (error) {
      const wait = waitBefore(retry, attempt + 1);
      if (attempt >= attempts || clock.now() + wait >= endsAt || !again(error)) throw error;
      await clock.sleep(wait);
    }
  }
}

const waitBefore = ({ firstWaitMs, random = Math.random }: Retry, attempt: number): number =>
  Math.round(firstWaitMs * 2 ** (attempt - 2) * random());
