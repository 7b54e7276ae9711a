import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../lib/adapters/memory/settings.ts';
import type { MemoryWorld } from '../../lib/adapters/memory/world.ts';
import type { StopSignal } from '../../lib/cli/answer.ts';
import type { Desk } from '../../lib/cli/desk.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import type { Incident } from '../../lib/core/incident.ts';
import { keys } from '../../lib/core/keys.ts';
import { openWrites } from '../../lib/core/lease.ts';
import { aLease, anArmedService, anIncident, at } from '../builders.ts';
import { aDesk, aWorld, given, meanwhile, type } from './desk.ts';

const id = anIncident().id;
const NAME = 'cli-recommender-20261121T090500-0123abcd';

/** What the execution does to the table: opens an incident, and ends it. */
const opens = (desk: () => Desk, over: Partial<Incident> = {}) => {
  const incident = anIncident({
    trigger: { kind: 'person', service: 'recommender', dryRun: false },
    alarms: 0,
    ...over,
  });
  const lease = aLease({ owner: desk().machine.arnOf(NAME) });
  return () => desk().ledger.write(openWrites(undefined, lease, incident));
};
const ends = (desk: () => Desk, over: Partial<Incident>) => () =>
  given(
    desk(),
    [keys.incident(id), anIncident({ state: 'closed', endedAt: at(90), ...over })],
    [keys.armed(id), anArmedService()],
  );

function atWork(world: MemoryWorld, over: Partial<Incident>): Desk {
  let desk: Desk;
  const lazily = () => desk;
  desk = aDesk(world);
  desk = { ...desk, ...meanwhile(world, opens(lazily), ends(lazily, over)) };
  return desk;
}

describe('reinstate rollback', () => {
  it('starts an execution named after the request, with service, reason and dryRun', async () => {
    const world = aWorld();

    await type(aDesk(world), 'rollback recommender --reason "scores are nulls" --no-watch');

    expect([...world.executions.values()]).toEqual([
      {
        name: NAME,
        input: { service: 'recommender', reason: 'scores are nulls', dryRun: false },
        status: 'running',
      },
    ]);
  });

  it.each([
    ['--to champion=2', { values: { champion: '2' } }],
    ['--to alias=2', { values: { champion: '2' } }],
    ['--to recommender-b20261114T101500', { baseline: 'recommender-b20261114T101500' }],
    ['--to champion=2 --to new-features=false', { values: { champion: '2', 'new-features': 'false' } }],
  ])('goes where %s says', async (words, to) => {
    const world = aWorld();

    await type(aDesk(world), `rollback recommender ${words} --no-watch`);

    expect([...world.executions.values()][0]?.input).toMatchObject({ to });
  });

  it.each([
    ['--to helm=7', '"recommender" has no lever "helm"; expected one of new-features, champion'],
    ['--to champion=-x', 'Cannot go to "champion=-x"; expected the id of a baseline, or <lever>=<value>'],
    ['--to 7', 'Cannot go to "7"; expected the id of a baseline'],
  ])('F38: with %s it starts nothing, and says what was expected', async (words, error) => {
    const world = aWorld();

    const { exit, err } = await type(aDesk(world), `rollback recommender ${words}`);

    expect(exit).toBe(2);
    expect(err).toContain(error);
    expect(world.executions.size).toBe(0);
  });

  it('comes back at once with --no-watch, and says how to watch', async () => {
    const { exit, out } = await type(aDesk(aWorld()), 'rollback recommender --no-watch');

    expect(exit).toBe(0);
    expect(out).toContain('watch it: npx reinstate watch recommender --env local');
  });

  it.each([
    ['recovered', 0],
    ['observed', 0],
    ['contained', 1],
    ['escalated', 1],
    ['refused', 1],
    ['cancelled', 1],
  ] as const)('watches until it has ended: %s is exit code %d', async (ending, exit) => {
    const typed = await type(atWork(aWorld(), { ending }), 'rollback recommender');

    expect(typed.exit).toBe(exit);
    expect(typed.out).toContain(`ended: ${ending}`);
  });

  it('gives events as JSON, one a line, and the ending last', async () => {
    const { out } = await type(atWork(aWorld(), { ending: 'recovered' }), 'rollback recommender -o json');

    expect(out).toContain('{"type":"stage","at":"2026-11-21T09:04:05.000Z","incident":');
    const events = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string });
    expect(events.at(-1)).toMatchObject({
      type: 'ended',
      incident: id,
      ending: 'recovered',
      state: 'closed',
    });
  });

  it('prints the plan and the command that switches to act in mode observe, and starts nothing', async () => {
    const world = aWorld();
    setMode(world, { environment: 'local' }, 'observe');

    const { exit, out } = await type(aDesk(world), 'rollback recommender');

    expect([exit, world.executions.size]).toEqual([3, 0]);
    expect(out).toContain('no plan: an incident would be refused');
    expect(out).toContain('the mode is observe; to act: npx reinstate mode act --env local');
    expect(out).toContain('nothing was started: the mode is observe');
  });

  it('starts a dry run in mode observe', async () => {
    const world = aWorld();
    setMode(world, { environment: 'local' }, 'observe');

    await type(aDesk(world), 'rollback recommender --dry-run --no-watch');

    expect([...world.executions.values()][0]?.input).toMatchObject({ dryRun: true });
  });

  it('refuses in mode off, with the command that switches', async () => {
    const world = aWorld();
    setMode(world, { environment: 'local', service: 'recommender' }, 'off');

    const { exit, err } = await type(aDesk(world), 'rollback recommender --dry-run');

    expect([exit, err]).toEqual([
      3,
      'Cannot start a rollback of "recommender": the mode is off; to act: npx reinstate mode act --service recommender --env local\n',
    ]);
  });

  it('refuses a reason that the door would refuse', async () => {
    const { exit, err } = await type(aDesk(aWorld()), `rollback recommender --reason "${'x'.repeat(501)}"`);

    expect([exit, err]).toEqual([2, 'Cannot use a reason of 501 characters; expected at most 500\n']);
  });

  it('refuses while an incident waits for a person: nothing would act', async () => {
    const desk = aDesk(aWorld());
    const incident = anIncident({ state: 'ended', ending: 'escalated' });
    await given(desk, [keys.lease('recommender'), aLease()], [keys.incident(id), incident]);

    const { exit, err } = await type(desk, 'rollback recommender');

    expect(exit).toBe(3);
    expect(err).toContain(`close it first: npx reinstate incidents close ${id} --env local`);
  });

  it('watches the incident that was open already when its execution opened none', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    await given(desk, [keys.lease('recommender'), aLease()], [keys.incident(id), anIncident()]);
    const loses = () => desk.machine.stop(desk.machine.arnOf(NAME), '');

    const { exit, out } = await type(
      {
        ...desk,
        ...meanwhile(
          world,
          loses,
          ends(() => desk, { ending: 'recovered' }),
        ),
      },
      'rollback recommender',
    );

    expect([exit, out]).toEqual([0, expect.stringContaining(`incident ${id} was open already`)]);
  });

  it('says why the door refused it', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    const execution = desk.machine.arnOf(NAME);
    const refuses = async () => {
      await given(desk, [keys.refusal(at(61), execution), { execution, reason: 'service "x" is unknown' }]);
      await desk.machine.stop(execution, '');
    };

    const { exit, out } = await type({ ...desk, ...meanwhile(world, refuses) }, 'rollback recommender');

    expect([exit, out]).toEqual([1, expect.stringContaining('refused: service "x" is unknown')]);
  });

  it('gives up on an execution that never opens an incident, and says where to look', async () => {
    const { exit, err } = await type(aDesk(aWorld()), 'rollback recommender');

    expect([exit, err]).toEqual([
      3,
      expect.stringContaining('after 120 s; look at execution arn:aws:states:'),
    ]);
  });

  it('stops watching on Ctrl-C, says so, and stops nothing else', async () => {
    const world = aWorld();
    let press: (signal: StopSignal) => void = () => undefined;
    const desk = aDesk(world);
    await given(
      desk,
      [keys.execution(desk.machine.arnOf(NAME)), { incident: id }],
      [keys.incident(id), anIncident()],
    );

    const { exit, out } = await type(
      { ...desk, ...meanwhile(world, () => press('SIGINT')) },
      'rollback recommender',
      {
        onInterrupt: (callback) => {
          press = callback;
          return () => undefined;
        },
      },
    );

    expect(exit).toBe(130);
    expect(out).toContain(
      `stopped watching; ${id} goes on without you\nwatch it again: npx reinstate watch ${id} --env local\nstop it: npx reinstate cancel ${id} --env local\n`,
    );
    expect([...world.executions.values()].map((e) => e.status)).toEqual(['running']);
  });

  it('is not ready when Step Functions cannot be asked', async () => {
    const world = aWorld();
    world.trouble.failNext('states.StartExecution', new OutsideTrouble('Cannot start execution: Throttling'));

    const { exit, err } = await type(aDesk(world), 'rollback recommender');

    expect([exit, err]).toEqual([3, 'Cannot start execution: Throttling; try again\n']);
  });
});
