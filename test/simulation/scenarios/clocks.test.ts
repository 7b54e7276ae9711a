import { describe, expect, it } from '@jest/globals';
import { BREAKS_AFTER_MS, day } from '../scenario.ts';
import { allCameTo, cameTo, counted, executionsOf, ONE_ALARM, WELL } from './executions.ts';
import { alarmsArrive, endingExecution, fate } from './faults.ts';

/** ms by which clocks are off. */
const FIVE_MINUTES = 5 * 60_000;

describe('F14: the clocks of workers differ by 5 minutes to either side', () => {
  /** Of the copies of one event every other contender is off by so much, and the rest by as much to the other side. */
  const contendersOff = (ms: number) => (worker: string) => {
    const [, copy] = /^open-incident@event-1-(\d+)#/.exec(worker) ?? [];
    if (copy === undefined) return 0;
    return Number(copy) % 2 ? ms : -ms;
  };

  it.each([
    ['ahead', FIVE_MINUTES, []],
    ['behind', -FIVE_MINUTES, ['recommender: rollback is late']],
  ])('of twenty contenders at once one owns the lease; it is %s, and acts', async (_, ms, pages) => {
    const seen = await day((environment) => {
      environment.skew = contendersOff(ms);
      alarmsArrive(environment, ...new Array<number>(20).fill(300));
    }, ONE_ALARM);

    expect(cameTo(seen)).toEqual({ ...WELL, pages });
    expect(counted(await executionsOf(seen))).toEqual({ owner: 1, attached: 19, refused: 1 });
    expect(await seen.read.lease('recommender')).toMatchObject({ fence: 1 });
    const openedAfter = seen.incident.openedAt - seen.environment.witness.startedAt - BREAKS_AFTER_MS;
    expect(Math.sign(openedAfter)).toBe(Math.sign(ms));
  });

  /** By a true clock, what such workers announce and date is minutes off: that much no code can promise. */
  const dated = /^I4: .* after its actUntil$|^I6: /;

  it('all workers, each its own clock: never two owners, no target twice, and somebody hears of each incident', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const seen = await day(undefined, { seed, minutes: 60, weather: { skewMs: FIVE_MINUTES } });
      const { ends, changes, violations } = allCameTo(seen);
      const words = violations.map(({ invariant, what }) => `${invariant}: ${what}`);

      expect([seed, words.filter((text) => !dated.test(text))]).toEqual([seed, []]);
      expect(new Set(changes).size).toBe(changes.length);
      expect(ends.join()).not.toContain('no ending');
      for (const { id } of seen.incidents)
        expect([...seen.pages, ...seen.notifications].map(({ incident }) => incident)).toContain(id);
    }
  });

  it.each([-4900, 4900])(
    'within the margin (%s ms) nothing acts while another may be writing',
    async (ms) => {
      const seen = await day((environment) => {
        environment.skew = (worker) => (worker.startsWith('apply-alias@event-1-1') ? ms : 0);
        const still = fate({ function: 'apply-alias', operation: 'mlflow.SetAlias' }, { sleepsMs: 18_500 });
        environment.script = endingExecution(environment, 'failed', still);
      }, ONE_ALARM);

      expect(cameTo(seen)).toMatchObject({ end: WELL.end, changes: WELL.changes, violations: [] });
      expect(seen.incident.takeovers).toBe(1);
    },
  );
});
