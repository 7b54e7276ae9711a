import { describe, expect, it } from '@jest/globals';
import { putParameter } from '../../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../../lib/core/errors.ts';
import type { FunctionName } from '../../../lib/core/function-env.ts';
import type { ArmedService, FlagLever } from '../../../lib/core/service.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import type { SimulatedService } from '../../../lib/simulation/world.ts';
import { BREAKS_AFTER_MS, type Day, day, once } from '../scenario.ts';
import { localServices } from '../seeds.ts';
import { ALIAS_CHANGES, ALL_WELL, type Came, came, FLAG_ONLY } from './came.ts';
import { CHAMPION_BREAKS, ESCALATED, FLAG_BREAKS } from './variants.ts';

const [RECOMMENDER] = localServices();
const MEGABYTE = 'x'.repeat(1_000_000);

/** The largest item of the day: DynamoDB takes 400 KB. The witness looks at that too, and at the 8 KiB of a state. */
const largestItem = ({ environment: { world } }: Day): number =>
  Math.max(...[...world.items.values()].map((item) => Buffer.byteLength(JSON.stringify(item))));

describe('F59: an outside system says a megabyte', () => {
  const SAYS: readonly [FunctionName, Partial<Came>][] = [
    ['plan-rollback', { ...FLAG_ONLY, ...ESCALATED }],
    ['hold-promotion', {}],
    [
      'apply-alias',
      {
        ...FLAG_ONLY,
        ...ESCALATED,
        steps: { '1.1': 'applied', '2.1': 'failed', '2.1.s1': 'not-begun', '2.1.s2': 'not-begun' },
      },
    ],
    ['verify-recovery', ESCALATED],
    ['close-incident', {}],
  ];

  it.each(SAYS)(
    'as its error to %s: it is cut where it is kept, and nothing fails for it',
    async (name, expected) => {
      const seen = await day((environment) => {
        environment.script = ({ function: asks }, moment) => {
          if (asks !== name || !/^(mlflow|service)/.test(moment)) return undefined;
          throw new OutsideTrouble(`Cannot ask: it answered 500 "${MEGABYTE}"`);
        };
      });

      expect(came(seen)).toEqual({ ...ALL_WELL, ...expected });
      expect(largestItem(seen)).toBeLessThan(10_000);
      for (const { text } of seen.environment.witness.told) expect(text.length).toBeLessThan(5000);
    },
  );

  it.each([
    ['when recovery is verified', 'verify-recovery', CHAMPION_BREAKS],
    ['when it is planned, of an alias that stands right', 'plan-rollback', FLAG_BREAKS],
  ] as const)('as what it serves, %s: that is not good, and it is cut', async (...row) => {
    const [, name, setting] = row;
    const seen = await day((environment) => {
      const init = { function: name, operation: 'lambda.Init' } as const;
      environment.script = once(init, () => {
        environment.world.serving.set('recommender@champion', [MEGABYTE, MEGABYTE]);
        return undefined;
      });
    }, setting);

    expect(seen.violations).toEqual([]);
    expect(largestItem(seen)).toBeLessThan(100_000);
  });

  it('as 20,000 instances that all serve what they should: it recovers', async () => {
    const seen = await day((environment) => {
      environment.script = once({ function: 'verify-recovery', operation: 'lambda.Init' }, () => {
        environment.world.serving.set('recommender@champion', new Array<string>(20_000).fill('3'));
        return undefined;
      });
    }, CHAMPION_BREAKS);

    expect(came(seen)).toMatchObject({ end: ALL_WELL.end, changes: ALIAS_CHANGES, violations: [] });
    expect(largestItem(seen)).toBeLessThan(10_000);
  });
});

describe('F59: much is to be done', () => {
  const KILOBYTES = 4096;
  const good = 'g'.repeat(KILOBYTES);
  const flags = Array.from({ length: 15 }, (_, n): FlagLever => {
    const name = `flag-${n}`;
    return {
      kind: 'flag',
      name,
      parameter: `/shop/recommender/${name}`,
      safe: 'off',
      alwaysSafe: true,
      cacheSeconds: 5,
    };
  });

  /** As many as a service file may well have, in one rung. */
  function withFlags(): ArmedService {
    const { service } = RECOMMENDER;
    const levers = [...service.levers, ...flags];
    const runbook = { ...service.runbook, preApproved: levers.map(({ name }) => name) };
    const rung = flags.map(({ name }) => ({ lever: name, verb: 'back' as const }));
    const policy = { ...service.policy, do: [rung, ...service.policy.do] };
    return { ...RECOMMENDER, service: { ...service, levers, runbook, policy } };
  }

  function longValues({ world }: Environment, { baselines }: SimulatedService): void {
    const baseline = [...world.items.values()].filter(({ sk }) => sk.startsWith('baseline#'));
    for (const { parameter } of flags) {
      putParameter(world, parameter, good);
      const held = { [`flag:${parameter}`]: { value: good } };
      for (const release of [...baselines, ...baseline.map((item) => item['release'])])
        Object.assign(release as object, held);
    }
  }

  it('15 flags of 4 KB each: all go back, in items and states that fit', async () => {
    const seen = await day(
      (environment, service) => {
        longValues(environment, service);
        environment.later(BREAKS_AFTER_MS, () =>
          environment.witness.somebody('long values', () => {
            for (const { parameter } of flags)
              putParameter(environment.world, parameter, 'b'.repeat(KILOBYTES));
          }),
        );
      },
      { services: [withFlags()] },
    );

    const { end, steps, violations } = came(seen);
    expect([end, violations]).toEqual([ALL_WELL.end, []]);
    expect(Object.values(steps).filter((outcome) => outcome === 'applied')).toHaveLength(flags.length + 4);
    for (const { parameter } of flags)
      expect(seen.environment.world.parameters.get(parameter)?.history.at(-1)?.value).toBe(good);
  });

  it('500 transitions of its alarms join: they are judged as one, and it recovers', async () => {
    const seen = await day((environment, { armed }) => {
      const join = ({ scheduler, bus }: Environment) => {
        for (let n = 0; n < 500; n++) {
          const { arn } = armed.alarms[n % armed.alarms.length] ?? { arn: '' };
          bus.publish({ arn, state: 'ALARM', since: scheduler.clock.now() - 1000 * n - 500 });
        }
      };
      environment.later(BREAKS_AFTER_MS + 45_000, () => join(environment));
    });

    expect(came(seen)).toEqual(ALL_WELL);
    expect(seen.incident.alarms).toBe(503);
    expect(largestItem(seen)).toBeLessThan(10_000);
  });
});
