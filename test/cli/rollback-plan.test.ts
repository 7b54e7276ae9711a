import { describe, expect, it } from '@jest/globals';
import { type MemoryWorld, moveAlias, registerVersion } from '../../lib/adapters/memory/world.ts';
import type { Desk } from '../../lib/cli/desk.ts';
import { keys } from '../../lib/core/keys.ts';
import { aBaseline, aLease, anIncident, CHAMPION, FLAG } from '../builders.ts';
import { aDesk, aWorld, given, type } from './desk.ts';

const recorded = aBaseline({ release: { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '1' } } });

async function aPlannedDesk(world: MemoryWorld): Promise<Desk> {
  const desk = aDesk(world);
  await given(desk, [keys.baseline('recommender', recorded.id), recorded]);
  return desk;
}

const shown = async (desk: Desk): Promise<string> => {
  const { json } = await type(desk, 'plan recommender -o json');
  return (json as { digest: string }).digest;
};

describe('reinstate rollback --plan', () => {
  it('starts the plan that was read, and tells the state machine which one that is', async () => {
    const world = aWorld();
    const desk = await aPlannedDesk(world);
    const digest = await shown(desk);

    const { exit } = await type(desk, `rollback recommender --plan ${digest} --no-watch`);

    expect(exit).toBe(0);
    expect([...world.executions.values()][0]?.input).toEqual({
      service: 'recommender',
      dryRun: false,
      plan: digest,
    });
  });

  it('refuses once the world has changed, with the plan that there is now; nothing is started', async () => {
    const world = aWorld();
    const desk = await aPlannedDesk(world);
    const digest = await shown(desk);
    registerVersion(world, 'recommender');
    moveAlias(world, 'recommender@champion', '3');

    const { exit, err, out } = await type(desk, `rollback recommender --plan ${digest}`);

    expect([exit, out, world.executions.size]).toEqual([3, '', 0]);
    expect(err).toBe(
      `Cannot start a rollback of "recommender" by plan ${digest}: the world has changed since, and the plan is ${await shown(desk)} now: new-features "true" -> "false", then champion "3" -> "1"; read it: npx reinstate plan recommender --env local\n`,
    );
  });

  it('says which incident is at work, where that is what has changed the world', async () => {
    const world = aWorld();
    const desk = await aPlannedDesk(world);
    const { id } = anIncident();
    await given(desk, [keys.lease('recommender'), aLease()], [keys.incident(id), anIncident()]);

    const { exit, err } = await type(desk, 'rollback recommender --plan 0123456789ab');

    expect([exit, world.executions.size]).toEqual([3, 0]);
    expect(err).toContain(`; incident ${id} is at work; watch it: npx reinstate watch ${id} --env local\n`);
  });

  it('refuses where there is no plan any more, and says why', async () => {
    const { exit, err } = await type(aDesk(aWorld()), 'rollback recommender --plan 0123456789ab');

    expect(exit).toBe(3);
    expect(err).toContain(
      'there is no plan now: no baseline is recorded that holds nothing quarantined; read it: npx reinstate plan',
    );
  });

  it('belongs to its aim: with another --to it is another plan', async () => {
    const world = aWorld();
    const desk = await aPlannedDesk(world);
    const digest = await shown(desk);

    const { exit, err } = await type(desk, `rollback recommender --to champion=2 --plan ${digest}`);

    expect([exit, world.executions.size]).toEqual([3, 0]);
    expect(err).toContain('read it: npx reinstate plan recommender --to champion=2 --env local');
  });

  it.each([
    ['too few digits', '0123456789a'],
    ['too many', '0123456789abc'],
    ['a word', 'nonsense'],
    ['capitals', '0123456789AB'],
    ['a command', '$(id)'],
    ['an option', '-1'],
    ['a tag', '<script>'],
    ['10,000 characters', 'x'.repeat(10_000)],
    ['text that runs from right to left', 'שלום'],
  ])('takes %s for no digest: bad input, and no deployment is asked', async (_, typed) => {
    const { exit, err } = await type(aDesk(aWorld()), `rollback recommender --plan=${typed}`, {
      open: () => Promise.reject(new Error('was asked')),
    });

    expect(exit).toBe(2);
    expect(err).toMatch(/^Cannot use plan ".{1,40}"; expected the 12 hex digits that "reinstate plan <serv/);
  });
});
