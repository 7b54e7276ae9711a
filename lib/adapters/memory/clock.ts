import type { Clock } from '../../ports/clock.ts';

/** Virtual time: sleeping costs none, and sleepers side by side wake at the same moment. */
export interface MemoryClock extends Clock {
  /** Lets time pass; a negative number is a clock that was set back (F60). */
  advance(ms: number): void;
}

export function memoryClock(startsAt: number): MemoryClock {
  let now = startsAt;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms) => {
      const wakesAt = now + ms;
      await Promise.resolve();
      now = Math.max(now, wakesAt);
    },
  };
}
