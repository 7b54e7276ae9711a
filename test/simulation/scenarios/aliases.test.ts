import { describe, expect, it } from '@jest/globals';
import { type MemoryModel, modelOf, moveAlias } from '../../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../../lib/core/errors.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import { BREAKS_AFTER_MS, day, once } from '../scenario.ts';
import { ALL_WELL, CHAMPION, came, FLAG, FLAG_ONLY, PREVIOUS, ROLLED_BACK, SETTLED } from './came.ts';
import { allowedSeconds, CHAMPION_BREAKS, ESCALATED, FLAG_BREAKS, takenSeconds } from './variants.ts';

/** The alias alone, in the first rung. */
const STEPS = { '1.1': 'applied', '1.1.s1': 'applied', '1.1.s2': 'applied' };
const NOT_BEGUN = { '1.1.s1': 'not-begun', '1.1.s2': 'not-begun' };

const isMlflow = (moment: string): boolean => moment.startsWith('mlflow.');

/** Somebody else does something to the registry, right after the plan was made. */
const afterThePlan = (what: (environment: Environment) => void) => (environment: Environment) => {
  environment.script = once({ function: 'hold-promotion', operation: 'lambda.Init' }, () => {
    environment.witness.somebody('somebody', () => what(environment));
    return undefined;
  });
};

function pointTo({ world }: Environment, version: string): void {
  moveAlias(world, 'recommender@champion', version);
  world.serving.set('recommender@champion', [version, version]);
}

describe('F21: MLflow answers 500, or not at all', () => {
  it.each(['apply-alias', 'plan-rollback'] as const)(
    '500 to %s: the flag is pulled, people are called for the alias, and the time is kept',
    async (name) => {
      const seen = await day((environment) => {
        environment.script = ({ function: asks }, moment) => {
          if (asks !== name || !isMlflow(moment)) return undefined;
          throw new OutsideTrouble('Cannot read alias "champion" of "recommender": MLflow answered 500 ""');
        };
      });

      const failed = { '2.1': 'failed', '2.1.s1': 'not-begun', '2.1.s2': 'not-begun' };
      const steps = { '1.1': 'applied', ...(name === 'apply-alias' && failed) };
      expect(came(seen)).toEqual({ ...FLAG_ONLY, ...ESCALATED, steps });
      expect(seen.holds).toMatchObject({ [FLAG]: 'false', [CHAMPION]: '4' });
      expect(takenSeconds(seen)).toBeLessThan(60);
      expect(seen.pages[0]?.text).toMatch(/answered 500/);
      expect(seen.pages[0]?.text).toMatch(/by hand:.* curl .+"version":"3"/s);
    },
  );

  it('down all day, and only the flag is bad: it recovers, and people hear that the other lever is lost', async () => {
    const seen = await day(
      (environment) => environment.down.set('mlflow', Number.POSITIVE_INFINITY),
      FLAG_BREAKS,
    );

    const paged = { pages: ['recommender (local) recovered'], notifications: [] };
    expect(came(seen)).toEqual({ ...FLAG_ONLY, ...paged });
  });

  it('a process that hangs on it is ended by its timeout and tried again', async () => {
    const seen = await day((environment) => {
      environment.script = once({ function: 'apply-alias', operation: 'mlflow.GetAlias' }, 'hang');
    });

    expect(came(seen)).toEqual(ALL_WELL);
    expect(takenSeconds(seen)).toBeGreaterThan(120);
  });

  it('slow all day: every call takes seconds, and all is well within the deadline', async () => {
    const seen = await day((environment) => {
      environment.script = (_, moment) => (isMlflow(moment) ? 'slow' : undefined);
    });

    expect(came(seen)).toEqual(ALL_WELL);
    expect(takenSeconds(seen)).toBeLessThan(allowedSeconds(seen));
  });
});

describe('F22: MLflow moves the alias, and its answer is lost', () => {
  it.each([1, 2, 3])('of move %d: it is read back, and the alias does not flip-flop', async (nth) => {
    const seen = await day((environment) => {
      environment.script = once({ function: 'apply-alias', operation: 'mlflow.SetAlias', nth }, 'loseReply');
    });

    expect(came(seen)).toEqual(ALL_WELL);
    expect(seen.environment.world.trouble.calls.get('mlflow.SetAlias')).toBe(3);
    expect(seen.environment.world.serving.get('recommender@champion')).toEqual(['3', '3']);
  });
});

describe('F23: the version that was good cannot be put', () => {
  const model = ({ world }: Environment): MemoryModel => modelOf(world, 'recommender');
  const third = (environment: Environment) => {
    const found = model(environment).versions.get('3');
    if (!found) throw new Error('Cannot spoil version 3: there is none');
    return found;
  };
  const SPOILT = [
    ['deleted', (environment) => model(environment).versions.delete('3'), 'version "3" is missing'],
    [
      'not READY',
      (environment) => Object.assign(third(environment), { status: 'FAILED_REGISTRATION' }),
      'not-ready',
    ],
    [
      'another artifact',
      (environment) => Object.assign(third(environment), { content: 'other' }),
      'digest differs',
    ],
  ] satisfies [string, (environment: Environment) => unknown, string][];

  it.each(SPOILT)(
    '%s: refused with a page; an older baseline is for a person to choose',
    async (_, spoil, why) => {
      const spoilt = (environment: Environment) =>
        environment.later(BREAKS_AFTER_MS + 1000, () =>
          environment.witness.somebody('somebody', () => spoil(environment)),
        );
      const seen = await day(spoilt, CHAMPION_BREAKS);

      // One for each alarm, or fewer where alarms came close enough to join.
      expect(seen.incidents.map(({ ending }) => ending)).toEqual(seen.incidents.map(() => 'refused'));
      expect(seen.pages.length).toBe(seen.incidents.length);
      expect(seen.pages[0]?.text).toContain(why);
      expect(seen.environment.witness.moves.filter(({ by }) => by !== 'somebody')).toEqual([]);
      expect(seen.violations).toEqual([]);
    },
  );

  it.each(SPOILT)('%s since the plan: nothing is put, and people are called', async (_, spoil, why) => {
    const seen = await day(afterThePlan(spoil), CHAMPION_BREAKS);

    const steps = { '1.1': 'failed', ...NOT_BEGUN };
    expect(came(seen)).toEqual({
      ...ALL_WELL,
      ...ESCALATED,
      changes: [],
      steps,
    });
    expect(seen.pages[0]?.text).toContain(why);
  });
});

describe('F24: the alias stands right already', () => {
  it('since the plan: a success that moves nothing but what settles it', async () => {
    const seen = await day(
      afterThePlan((environment) => pointTo(environment, '3')),
      CHAMPION_BREAKS,
    );

    expect(came(seen)).toEqual({ ...ALL_WELL, changes: SETTLED, steps: { ...STEPS, '1.1': 'already' } });
    expect(seen.holds).toMatchObject({ [CHAMPION]: '3', [ROLLED_BACK]: '4', [PREVIOUS]: '2' });
    expect(seen.environment.world.trouble.calls.get('service.Reload')).toBeUndefined();
  });

  it('and servers have not heard of it: they are told, the alias is not moved', async () => {
    const seen = await day(
      afterThePlan(({ world }) => moveAlias(world, 'recommender@champion', '3')),
      CHAMPION_BREAKS,
    );

    expect(came(seen)).toEqual({ ...ALL_WELL, changes: SETTLED, steps: STEPS });
    expect(seen.environment.world.serving.get('recommender@champion')).toEqual(['3', '3']);
  });
});
