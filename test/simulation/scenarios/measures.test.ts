import { describe, expect, it } from '@jest/globals';
import type { Signal } from '../../../lib/core/service.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { seriesOf } from '../../../lib/simulation/measures.ts';
import { BREAKS_AFTER_MS, type Day, day, once, type Setting } from '../scenario.ts';
import { ALL_WELL, CHAMPION, came, FLAG, FLAG_ONLY } from './came.ts';
import { BUDGET_SECONDS, CONTAINED, ESCALATED, FLAG_BREAKS, takenSeconds, variant } from './variants.ts';

type Odds = { late: number; missing: number; notANumber: number };
const nothing = (): Odds => ({ late: 0, missing: 0, notANumber: 0 });

const declared = (missing: Signal['missing']): Setting => ({
  ...FLAG_BREAKS,
  services: variant({ missing }),
});

/** Something happens when the flag is written. */
const atTheSwitch = (what: (environment: Environment) => void) => (environment: Environment) => {
  environment.script = once({ function: 'apply-flag', operation: 'ssm.PutParameter' }, () => {
    what(environment);
    return undefined;
  });
};

/** Every datapoint that comes late comes 2 minutes late. */
function asLateAsCanBe({ chance }: Environment): void {
  const { number } = chance;
  const latest = (name: string) => (name.endsWith(' lateness') ? 1 : number(name));
  Object.assign(chance, { number: latest });
}

/** A day on which the metrics go wrong at the switch, for so long. */
function spoilt(what: keyof Odds, setting: Setting, seconds = Number.POSITIVE_INFINITY): Promise<Day> {
  const measures = nothing();
  const begins = (environment: Environment) => {
    asLateAsCanBe(environment);
    measures[what] = 1;
    if (Number.isFinite(seconds)) environment.later(seconds * 1000, () => Object.assign(measures, nothing()));
  };
  return day(atTheSwitch(begins), { ...setting, weather: { measures } });
}

describe('F44: the metric is missing, no number, or two minutes late', () => {
  const KINDS = ['missing', 'notANumber', 'late'] as const;

  it.each(KINDS)(
    '%s, declared "inconclusive" or "wait": contained once the budget is spent',
    async (what) => {
      for (const missing of ['inconclusive', 'wait'] as const) {
        const seen = await spoilt(what, declared(missing));

        expect(came(seen)).toEqual({ ...FLAG_ONLY, ...CONTAINED });
        expect(takenSeconds(seen)).toBeGreaterThan(BUDGET_SECONDS);
        expect(takenSeconds(seen)).toBeLessThan(BUDGET_SECONDS + 15);
        expect(seen.pages[0]?.text).toMatch(/latency: \d of 6 healthy datapoints/);
      }
    },
  );

  it.each(KINDS)(
    '%s, declared "breach": two gaps are a verdict, and the next rung is climbed',
    async (what) => {
      const seen = await spoilt(what, { services: variant({ missing: 'breach' }) });

      expect(came(seen)).toEqual({ ...ALL_WELL, ...CONTAINED });
      expect(takenSeconds(seen)).toBeLessThan(80);
      expect(seen.pages[0]?.text).toContain('latency breached in 2 of 2 fresh datapoints after rung 2');
    },
  );

  it.each(KINDS)('%s, not declared as a breach: no rung is climbed for a guess', async (what) => {
    const seen = await spoilt(what, { services: variant({ missing: 'wait' }) });

    expect(came(seen)).toEqual({ ...FLAG_ONLY, ...ESCALATED });
    expect(seen.holds).toMatchObject({ [FLAG]: 'false', [CHAMPION]: '4' });
  });

  it.each(['missing', 'notANumber'] as const)(
    '%s for a minute: it is waited for, and recovers',
    async (what) => {
      for (const missing of ['inconclusive', 'wait'] as const)
        expect(came(await spoilt(what, declared(missing), 60))).toEqual(FLAG_ONLY);
    },
  );

  it.each([
    ['wait', FLAG_ONLY],
    ['inconclusive', { ...FLAG_ONLY, ...CONTAINED }],
  ] as const)(
    'a signal that falls silent after a healthy window, declared "%s"',
    async (missing, expected) => {
      const measures = nothing();
      // It would be judged as soon as its window is full, if its alarms could be read.
      const silent = (environment: Environment) => {
        environment.down.set('cloudwatch.DescribeAlarms', environment.scheduler.clock.now() + 110_000);
        environment.later(80_000, () => Object.assign(measures, { missing: 1 }));
      };
      const seen = await day(atTheSwitch(silent), { ...declared(missing), weather: { measures } });

      expect(came(seen)).toEqual(expected);
    },
  );
});

describe('F45: only stale datapoints look healthy', () => {
  it('those of before the switch, which come after it, prove nothing', async () => {
    const measures = nothing();
    const ofBefore = ({ world, witness }: Environment, service: Day['service']) => {
      const goodUntil = witness.startedAt + BREAKS_AFTER_MS - 20_000;
      for (const signal of service.armed.service.signals) {
        const series = world.datapoints.get(seriesOf(signal)) ?? [];
        const healthy = series.filter(({ at }) => at < goodUntil);
        series.push(...healthy.map((point) => ({ ...point, at: point.at + 40_000 })));
      }
    };
    const seen = await day(
      (environment, service) => {
        atTheSwitch(() => {
          measures.missing = 1;
          environment.later(20_000, () => ofBefore(environment, service));
        })(environment);
      },
      { ...FLAG_BREAKS, weather: { measures } },
    );

    expect(came(seen)).toEqual({ ...FLAG_ONLY, ...CONTAINED });
    expect(seen.pages[0]?.text).toContain('latency: 0 of 6 healthy datapoints');
  });

  it('those of the declared lag, which still speak of the time before, prove nothing', async () => {
    const seen = await day(
      (environment, { elsewhere }) => {
        const healthyStill = 75_000;
        atTheSwitch(() => {
          elsewhere.from = environment.scheduler.clock.now() + healthyStill;
          elsewhere.until = Number.POSITIVE_INFINITY;
        })(environment);
      },
      { ...FLAG_BREAKS, services: variant({ lagSeconds: 60 }) },
    );

    // Its alarms turn OK meanwhile, and ring again.
    const joined = expect.stringMatching(/ is still open and something joined it$/);
    const pages = [...CONTAINED.pages, joined, joined, joined];
    expect(came(seen)).toEqual({ ...FLAG_ONLY, ...CONTAINED, pages });
    expect(seen.pages[0]?.text).toMatch(/latency breached in \d of \d fresh datapoints/);
  });
});
