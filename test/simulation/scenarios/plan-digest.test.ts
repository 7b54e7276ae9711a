import { describe, expect, it } from '@jest/globals';
import { memoryLedger } from '../../../lib/adapters/memory/ledger.ts';
import { memoryLevers } from '../../../lib/adapters/memory/levers.ts';
import { putParameter } from '../../../lib/adapters/memory/world.ts';
import type { Environment } from '../../../lib/simulation/environment.ts';
import type { SimulatedService } from '../../../lib/simulation/world.ts';
import { digestOf } from '../../../lib/stages/plan-digest.ts';
import { choosePlan } from '../../../lib/stages/plan-rollback.ts';
import { BREAKS_AFTER_MS, day, once } from '../scenario.ts';

/** Before any alarm is red. */
const READ_AT = BREAKS_AFTER_MS + 8000;
const FLAG = '/shop/recommender/new-features';

/** A person reads the plan and starts it. */
function startsAsRead(environment: Environment, { armed }: SimulatedService): void {
  const { world, scheduler, witness, machine } = environment;
  environment.later(READ_AT, () => {
    const ports = { ledger: memoryLedger(world), levers: memoryLevers(world), clock: scheduler.clock };
    void choosePlan(ports, armed, { byPerson: true }).then((result) => {
      if (result.outcome === 'refused') throw new Error(result.reasons.join());
      const plan = digestOf(result.plan);
      witness.plansRead.set(plan, result.plan);
      machine.start('as-read', { service: armed.service.name, plan });
    });
  });
}

/** Of that start alone: the alarm that follows opens an incident of its own. */
const movesOf = ({ witness }: Environment) => witness.moves.filter(({ by }) => by.includes('@as-read'));

describe('a day on which a person starts the plan that they have read', () => {
  it('it runs, and the alarms that follow join it', async () => {
    const seen = await day(startsAsRead);

    expect(seen.violations).toEqual([]);
    expect(seen.incident).toMatchObject({ ending: 'recovered', trigger: { kind: 'person' } });
    expect(movesOf(seen.environment).length).toBeGreaterThan(0);
  });

  it('somebody edits a target just before it is planned: nothing is written, and people are paged', async () => {
    const seen = await day(
      (environment, service) => {
        startsAsRead(environment, service);
        environment.script = once({ function: 'plan-rollback', operation: 'dynamodb.GetItem' }, () => {
          environment.witness.somebody('a person edits the flag', () =>
            putParameter(environment.world, FLAG, 'half'),
          );
          return undefined;
        });
      },
      { minutes: 4 },
    );

    const [first] = seen.incidents;
    expect(seen.violations).toEqual([]);
    expect(first).toMatchObject({
      ending: 'refused',
      reasons: [expect.stringMatching(/^plan [0-9a-f]{12} was asked for, and the world has changed since/)],
    });
    expect(first?.acted).not.toBe(true);
    expect(movesOf(seen.environment)).toEqual([]);
    expect(seen.pages.map(({ incident }) => incident)).toContain(first?.id);
  });
});
