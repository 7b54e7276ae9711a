import { describe, expect, it } from '@jest/globals';
import { day } from './scenario.ts';
import { runGitSeed, runSeed } from './seeds.ts';

describe('a day on which only the release is bad', () => {
  it('is put right, proven and closed', async () => {
    const { incident, holds, violations, environment } = await day();

    expect(incident).toMatchObject({ ending: 'recovered', state: 'closed' });
    expect(holds).toMatchObject({
      'flag:/shop/recommender/new-features': 'false',
      'alias:recommender@champion': '3',
    });
    expect(violations).toEqual([]);
    expect(environment.machine.running).toEqual([]);
  });
});

describe('F58: a seed', () => {
  it('replays bit for bit', async () => {
    for (const seed of [3, 17, 20_261_121]) {
      const [first, second] = [await runSeed(seed), await runSeed(seed)];

      expect(second.trace).toEqual(first.trace);
      expect(second.happened).toEqual(first.happened);
      expect(first.trace.length).toBeGreaterThan(100);
    }
  });

  it('of what Git owns replays bit for bit, the names of commits too', async () => {
    const [first, second] = [await runGitSeed(17), await runGitSeed(17)];

    expect(second.trace).toEqual(first.trace);
    expect(first.trace.join()).toMatch(/git-head:\S+: [0-9a-f]{40} -> [0-9a-f]{40}/);
  });

  it('of what Git owns holds them too', async () => {
    for (let seed = 1; seed <= 10; seed++)
      expect([seed, (await runGitSeed(seed)).violations]).toEqual([seed, []]);
  });

  it.each([1, 11, 21, 31])('holds I1-I11, whichever it is: %s and the nine after it', async (from) => {
    for (let seed = from; seed < from + 10; seed++)
      expect([seed, (await runSeed(seed)).violations]).toEqual([seed, []]);
  });
});
