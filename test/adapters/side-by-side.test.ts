import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { sideBySide } from '../../lib/adapters/side-by-side.ts';

describe('sideBySide', () => {
  it('runs so many at a time, and answers in order', async () => {
    let [running, most] = [0, 0];
    const work = async (n: number) => {
      running += 1;
      most = Math.max(most, running);
      await turn();
      running -= 1;
      return 10 * n;
    };

    const answers = await sideBySide([1, 2, 3, 4, 5], 2, work);

    expect(most).toBe(2);
    expect(answers.map((a) => a.status === 'fulfilled' && a.value)).toEqual([10, 20, 30, 40, 50]);
  });

  it('goes on with the others where one fails or does not end', async () => {
    const done: string[] = [];
    let end: () => void = () => undefined;
    const all = sideBySide(['hangs', 'fails', 'c', 'd'], 2, async (what) => {
      if (what === 'hangs') await new Promise<void>((resolve) => (end = resolve));
      if (what === 'fails') throw new Error('no');
      done.push(what);
    });

    await turn();
    expect(done).toEqual(['c', 'd']);
    end();
    expect((await all).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
  });

  it('has nothing to do for nothing', async () => {
    expect(await sideBySide([], 3, async () => 1)).toEqual([]);
  });
});
