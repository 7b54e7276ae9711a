import { describe, expect, it } from '@jest/globals';
import { memoryClock } from '../../lib/adapters/memory/clock.ts';
import { retrying } from '../../lib/adapters/retry.ts';

const failing = (times: number) => async (attempt: number) => {
  if (attempt <= times) throw new Error(`attempt ${attempt}`);
  return attempt;
};
const retry = () => ({
  clock: memoryClock(0),
  attempts: 4,
  budgetMs: 10_000,
  firstWaitMs: 100,
  random: () => 1,
});

describe('retrying', () => {
  it('waits twice as long before each further attempt', async () => {
    const r = retry();

    expect(await retrying(r, failing(3), () => true)).toBe(4);

    expect(r.clock.now()).toBe(100 + 200 + 400);
  });

  it('gives up after its attempts, with the last error', async () => {
    await expect(retrying(retry(), failing(9), () => true)).rejects.toThrow('attempt 4');
  });

  it('gives up when the next wait would leave its budget', async () => {
    const r = { ...retry(), budgetMs: 250 };

    await expect(retrying(r, failing(9), () => true)).rejects.toThrow('attempt 2');
    expect(r.clock.now()).toBe(100);
  });

  it('asks no more after what asking again cannot help', async () => {
    await expect(retrying(retry(), failing(9), () => false)).rejects.toThrow('attempt 1');
  });
});
