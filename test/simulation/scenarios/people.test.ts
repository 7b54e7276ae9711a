import { describe, expect, it } from '@jest/globals';
import { moveAlias } from '../../../lib/adapters/memory/world.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import type { Moment, Worker } from '../../../lib/simulation/worker.ts';
import { BREAKS_AFTER_MS, type Day, day, once } from '../scenario.ts';
import { ALIAS_CHANGES, ALL_WELL, CHAMPION, came, FLAG_ONLY } from './came.ts';
import { CHAMPION_BREAKS, ESCALATED } from './variants.ts';

const MINUTE = 60_000;

function shipAgain({ world, witness }: Environment): void {
  witness.somebody('a pipeline ships the bad version again', () => {
    moveAlias(world, 'recommender@champion', '4');
    world.serving.set('recommender@champion', ['4', '4']);
  });
}

const shippedBefore =
  (name: Worker['function'], operation: Moment, nth = 1) =>
  (environment: Environment) => {
    environment.script = once({ function: name, operation, nth }, () => {
      shipAgain(environment);
      return undefined;
    });
  };

/** How often Reinstate moved the alias. */
const movesOf = ({ environment }: Day): string[] =>
  environment.witness.moves
    .filter(({ by, target }) => by !== 'somebody' && target === CHAMPION)
    .map((move) => `${move.before} -> ${move.after}`);

describe('F25: somebody points the alias to the bad version again, after us', () => {
  const [MOVED] = ALIAS_CHANGES;
  const NOT_BEGUN = { '1.1.s1': 'not-begun', '1.1.s2': 'not-begun' };

  it.each([
    ['before it is read back', 3, { '1.1': 'conflict', ...NOT_BEGUN }, 'was set to "4" right after us'],
    ['before its receipt', 4, { '1.1': 'failed', ...NOT_BEGUN }, 'asked for "3", found "4" afterwards'],
  ] as const)('%s: it is not moved a second time, people are called', async (...[, nth, steps, why]) => {
    const seen = await day(shippedBefore('apply-alias', 'mlflow.GetAlias', nth), CHAMPION_BREAKS);

    expect(came(seen)).toEqual({ ...ALL_WELL, ...ESCALATED, changes: [MOVED], steps });
    expect(seen.pages[0]?.text).toContain(why);
    expect(seen.holds[CHAMPION]).toBe('4');
  });

  it('while recovery is verified: it never looks recovered, and the page says what is served', async () => {
    const seen = await day(shippedBefore('verify-recovery', 'service.Served', 2), CHAMPION_BREAKS);

    const steps = { '1.1': 'applied', '1.1.s1': 'applied', '1.1.s2': 'applied' };
    expect(came(seen)).toEqual({ ...ALL_WELL, ...ESCALATED, changes: ALIAS_CHANGES, steps });
    expect(seen.pages[0]?.text).toContain('alias:recommender@champion serves 4, 4');
  });

  it('after it closed: no tripwire yet; the alarm that it rings finds the cooldown, and pages', async () => {
    const seen = await day(shippedBefore('close-incident', 'lambda.Init'), {
      ...CHAMPION_BREAKS,
      minutes: 60,
    });

    expect(seen.incidents.map(({ ending }) => ending)).toEqual(['recovered', 'refused']);
    expect(seen.incidents[1]?.reasons).toEqual([expect.stringMatching(/^cooldown: /)]);
    expect(seen.pages.map(({ subject }) => subject)).toEqual(['recommender (local) was not rolled back']);
    expect(movesOf(seen)).toEqual(['4 -> 3']);
    expect(seen.violations).toEqual([]);
  });

  it('all day long: two acts at most, and then it is for people', async () => {
    const again = (environment: Environment) => {
      for (const minutes of [33, 63, 93]) environment.later(minutes * MINUTE, () => shipAgain(environment));
    };
    const seen = await day(again, { ...CHAMPION_BREAKS, minutes: 120 });

    expect(seen.incidents.map(({ ending }) => ending)).toEqual(['recovered', 'recovered', 'refused']);
    expect(movesOf(seen)).toEqual(['4 -> 3', '4 -> 3']);
    expect(seen.pages).toHaveLength(1);
    expect(seen.violations).toEqual([]);
  });
});

describe('F50: a person stops the execution', () => {
  const CANCELLED = {
    ...ALL_WELL,
    end: 'cancelled, closed',
    pages: ['recommender (local) rollback was cancelled'],
    notifications: [],
    platformPages: 1,
  };
  const NOTHING = { changes: [], steps: {} };
  const FLAG_DONE = { changes: FLAG_ONLY.changes, steps: FLAG_ONLY.steps };
  const MOVED = [ALIAS_CHANGES[0], ...FLAG_ONLY.changes];

  /** Its nth run is just beginning when the execution is stopped; it runs on. */
  const stopAt = (name: Worker['function'], nth: number) => (environment: Environment) => {
    const stop = (worker: Worker) => worker.execution && environment.machine.stop(worker.execution);
    let begun = 0;
    environment.script = (worker, moment) => {
      if (worker.function === name && moment === 'lambda.Init' && ++begun === nth) stop(worker);
      return undefined;
    };
  };

  it.each<[string, Worker['function'], number, object, 'standing' | undefined]>([
    ['OpenIncident', 'open-incident', 1, NOTHING, undefined],
    ['PlanRollback', 'plan-rollback', 1, NOTHING, undefined],
    ['HoldPromotion', 'hold-promotion', 1, NOTHING, 'standing'],
    ['ApplyFlag', 'apply-flag', 1, FLAG_DONE, 'standing'],
    ['VerifyRecovery', 'verify-recovery', 1, FLAG_DONE, 'standing'],
    [
      'ApplyAlias',
      'apply-alias',
      1,
      { changes: MOVED, steps: { '1.1': 'applied', '2.1': 'applied' } },
      'standing',
    ],
    ['SettleAlias', 'apply-alias', 2, { changes: ALL_WELL.changes, steps: ALL_WELL.steps }, 'standing'],
  ])(
    'in %s: what runs ends, nothing more begins; cancelled, with a page, and the hold stays',
    async (...row) => {
      const [, name, nth, done, hold] = row;

      const seen = await day(stopAt(name, nth), { minutes: 40 });

      expect(came(seen)).toEqual({ ...CANCELLED, ...done });
      expect((await seen.read.hold('recommender'))?.state).toBe(hold);
      expect([...seen.environment.world.executions.keys()].filter((arn) => arn.includes('takeover'))).toEqual(
        [],
      );
    },
  );

  it('in WaitForDatapoints: the page lists what is left to do by hand', async () => {
    const seen = await day((environment) =>
      environment.later(BREAKS_AFTER_MS + 30_000, () => {
        for (const arn of environment.machine.running) environment.machine.stop(arn);
      }),
    );

    expect(came(seen)).toEqual({ ...CANCELLED, ...FLAG_DONE });
    expect(seen.pages[0]?.text).toMatch(/a person stopped the execution/);
    expect(seen.pages[0]?.text).toMatch(/by hand:\n {2}curl .+"version":"3"/);
  });

  it('in CloseIncident: it closes all the same', async () => {
    expect(came(await day(stopAt('close-incident', 1)))).toEqual({ ...ALL_WELL, platformPages: 1 });
  });
});
