import { describe, expect, it } from '@jest/globals';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { shipBad } from '../../../lib/simulation/estate.ts';
import { BREAKS_AFTER_MS, day, once } from '../scenario.ts';
import { ALL_WELL, CHAMPION, came, FLAG, FLAG_ONLY } from './came.ts';
import {
  BUDGET_SECONDS,
  CONTAINED,
  ESCALATED,
  FLAG_BREAKS,
  ONE_RUNG,
  takenSeconds,
  variant,
} from './variants.ts';

const MINUTE = 60_000;

describe('F46: the baseline breaches as well', () => {
  it('every lever is pulled once, no older baseline is tried, and people are called', async () => {
    const seen = await day(
      (environment, { baselines, bad }) =>
        environment.later(BREAKS_AFTER_MS, () => {
          for (const [target, { value }] of Object.entries(baselines[0] ?? {}))
            bad.set(target, (bad.get(target) ?? new Set()).add(value ?? ''));
        }),
      { minutes: 60 },
    );

    expect(came(seen)).toEqual({ ...ALL_WELL, ...CONTAINED });
    expect(seen.holds).toMatchObject({ [FLAG]: 'false', [CHAMPION]: '3' });
    expect(seen.pages[0]?.text).toMatch(/latency breached in 2 of 2 fresh datapoints after rung 2/);
  });

  it('the third bad release of a day is left to people: the cascade stops, and pages', async () => {
    const seen = await day(
      (environment, service) => {
        const again = () => shipBad(environment.world, service, service.armed.service.levers);
        for (const minutes of [33, 63])
          environment.later(minutes * MINUTE, () => environment.witness.somebody('a bad release', again));
      },
      { minutes: 90 },
    );

    expect(seen.incidents.map(({ ending }) => ending)).toEqual(['recovered', 'recovered', 'refused']);
    expect(seen.incidents[2]?.reasons).toEqual([expect.stringMatching(/^cascade: 2 incidents/)]);
    expect(seen.pages.map(({ subject }) => subject)).toEqual(['recommender (local) was not rolled back']);
    expect(seen.holds).toMatchObject({ [FLAG]: 'true', [CHAMPION]: '6' });
    const ours = seen.environment.witness.moves.filter(
      ({ by, target }) => by !== 'somebody' && target === CHAMPION,
    );
    expect(ours.map(({ before, after }) => `${before} -> ${after}`)).toEqual(['4 -> 3', '5 -> 3']);
    expect(seen.violations).toEqual([]);
  });
});

describe('F47: CloudWatch answers no question while recovery is verified', () => {
  const unreadable = (minutes: number) => (environment: Environment) => {
    environment.script = once({ function: 'verify-recovery', operation: 'lambda.Init' }, () => {
      const until = environment.scheduler.clock.now() + minutes * MINUTE;
      environment.down.set('cloudwatch.GetMetricData', until);
      environment.down.set('cloudwatch.DescribeAlarms', until);
      return undefined;
    });
  };

  it('back in time: a bounded wait, and it recovers', async () => {
    expect(came(await day(unreadable(1), FLAG_BREAKS))).toEqual(FLAG_ONLY);
  });

  it('not back: contained when the budget is spent, with a page that says why', async () => {
    const seen = await day(unreadable(10), { services: variant({}, ONE_RUNG) });

    const steps = { '1.1': 'applied', '1.2': 'applied', '1.2.s1': 'applied', '1.2.s2': 'applied' };
    expect(came(seen)).toEqual({ ...ALL_WELL, ...CONTAINED, steps, platformPages: expect.any(Number) });
    expect(takenSeconds(seen)).toBeLessThan(BUDGET_SECONDS + 20);
    expect(seen.pages[0]?.text).toMatch(/latency: 0 of 6 healthy datapoints \(it cannot be read: no answer/);
  });

  it('not back, with a rung left: nobody climbs blindly, people are called', async () => {
    const seen = await day(unreadable(10));

    expect(came(seen)).toEqual({ ...FLAG_ONLY, ...ESCALATED, platformPages: expect.any(Number) });
    expect(seen.pages[0]?.text).toMatch(/by hand:\n {2}curl .+"version":"3"/);
  });
});
