import { describe, expect, it } from '@jest/globals';
import { keys } from '../../lib/core/keys.ts';
import { anArmedService, anIncident, at } from '../builders.ts';
import { alarmArn } from '../service-builders.ts';
import { aDesk, aWorld, given, type } from './desk.ts';

const id = anIncident().id;
const older = 'recommender-20261120T090405-00000000';
const escalated = anIncident({ state: 'ended', ending: 'escalated', endedAt: at(50) });
const summary = (over: object = {}) =>
  [
    keys.summary('recommender', id),
    { id, openedAt: at(5), state: 'ended', acted: true, ending: 'escalated', endedAt: at(50), ...over },
  ] as const;
const olderSummary = [
  keys.summary('recommender', older),
  {
    id: older,
    openedAt: at(-86_000),
    state: 'closed',
    acted: true,
    ending: 'recovered',
    endedAt: at(-85_900),
  },
] as const;
const waiting = [
  [keys.incident(id), escalated],
  summary(),
  [keys.open(id), { incident: id, service: 'recommender' }],
] as const;

describe('reinstate incidents', () => {
  it('lists the newest first, with its ending, how long it took and who looks after it', async () => {
    const desk = aDesk(aWorld());
    await given(desk, ...waiting, olderSummary, [keys.note(id, 'ack'), { by: 'grace', at: at(55) }]);

    const { out } = await type(desk, 'incidents');

    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['incident', 'state', 'ending', 'opened', 'took', 'recovered in', 'looked after by'],
      [id, 'ended', 'escalated', '2026-11-21 09:04:05 UTC', '45 s', 'grace'],
      [older, 'closed', 'recovered', '2026-11-20 09:10:40 UTC', '1 min 40 s'],
      [''],
    ]);
  });

  it('M17: says p50 and p95 against the goal, and counts no dry run', async () => {
    const desk = aDesk(aWorld());
    const times = (recover: number) => ({ detect: 31, act: 14, recover, goal: 300 });
    const dry = { ...olderSummary[1], id: 'recommender-dry', dryRun: true, times: times(9000) };
    await given(
      desk,
      summary({ ending: 'recovered', times: times(422) }),
      [olderSummary[0], { ...olderSummary[1], times: times(161) }],
      [keys.summary('recommender', dry.id), dry],
    );

    const { out } = await type(desk, 'incidents');

    expect(out).toContain(
      'recommender: 2 of 2 recovered, p50 2 min 41 s, p95 7 min 2 s, goal 5 min, 1 past it\n',
    );
    expect(out).toMatch(/recommender-dry .* recovered \(dry run\)/);
  });

  it('lists blocks where the window has 40 columns, and cuts no id', async () => {
    const desk = aDesk(aWorld());
    await given(desk, ...waiting);

    const { out } = await type(desk, 'incidents', { terminal: { columns: 40 } });

    expect(out).toBe(
      `${id}\n  state: ended\n  ending: escalated\n  opened: 2026-11-21 09:04:05 UTC\n  took: 45 s\n`,
    );
  });

  it('lists only what is open, as JSON', async () => {
    const desk = aDesk(aWorld());
    await given(desk, ...waiting, olderSummary);

    const { json } = await type(desk, 'incidents --open --service recommender -o json');

    expect(json).toMatchObject([{ id, service: 'recommender', state: 'ended', ending: 'escalated' }]);
  });

  it('says so when there is none', async () => {
    expect((await type(aDesk(aWorld()), 'incidents --open')).out).toBe('no open incident in local\n');
  });
});

describe('reinstate incidents ack', () => {
  it('says who looks after it; the first one stays', async () => {
    const desk = aDesk(aWorld());
    await given(desk, ...waiting);

    const first = await type(desk, `incidents ack ${id}`);
    const second = await type(desk, `incidents ack ${id} --by grace`);

    expect(first.out).toBe(`ada looks after ${id}\n`);
    expect([second.exit, second.out]).toEqual([0, `ada looks after ${id} already\n`]);
  });

  it('refuses one that is closed', async () => {
    const desk = aDesk(aWorld());
    await given(desk, [keys.incident(id), anIncident({ state: 'closed' })]);

    const { exit, err } = await type(desk, `incidents ack ${id}`);

    expect([exit, err]).toEqual([2, `Cannot acknowledge ${id}: it is closed\n`]);
  });
});

describe('reinstate incidents close', () => {
  it('closes header and summary and takes the pointer away, so that its lease is free', async () => {
    const desk = aDesk(aWorld());
    await given(desk, ...waiting);

    const { exit } = await type(desk, `incidents close ${id} --reason "rolled forward"`);

    expect(exit).toBe(0);
    expect(await desk.ledger.get(keys.incident(id))).toMatchObject({
      state: 'closed',
      closedBy: 'ada',
      closedBecause: 'rolled forward',
    });
    expect(await desk.ledger.get(keys.summary('recommender', id))).toMatchObject({ state: 'closed' });
    expect(await desk.ledger.get(keys.open(id))).toBeUndefined();
  });

  it('leaves the pointer where the report did not get out yet: the sweeper tries again', async () => {
    const desk = aDesk(aWorld());
    const pointer = { incident: id, service: 'recommender', unfinished: { fence: 1 } };
    await given(desk, [keys.incident(id), escalated], summary(), [keys.open(id), pointer]);

    await type(desk, `incidents close ${id}`);

    expect(await desk.ledger.get(keys.open(id))).toEqual(pointer);
  });

  it('leaves the pointer where somebody was called: the sweeper tells them that it is over', async () => {
    const desk = aDesk(aWorld());
    const page = { at: at(0), urgency: 'page', subject: 's', channel: 'slack', to: 'C1', outcome: 'sent' };
    await given(desk, ...waiting, [keys.note(id, 'ending'), { pages: [page] }]);

    await type(desk, `incidents close ${id}`);

    expect(await desk.ledger.get(keys.open(id))).toBeDefined();
  });

  it('warns of an alarm that is still red: it opens no incident by itself', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    const arn = alarmArn('auc');
    world.alarms.set(arn, { state: 'ALARM', since: at(0), windowSeconds: 50 });
    await given(
      desk,
      ...waiting,
      [keys.armed(id), anArmedService()],
      [keys.alarm(id, arn), { arn, at: at(0), joinedAt: at(1) }],
    );

    const { out } = await type(desk, `incidents close ${id}`);

    expect(out).toContain('alarm reinstate-local-recommender-auc is still red and opens no new incident');
  });

  it.each([
    [
      'running',
      3,
      `it is running; wait until it has ended, or stop it: npx reinstate cancel ${id} --env local`,
    ],
    ['closing', 3, 'it is closing'],
    ['closed', 2, 'it is closed already'],
  ] as const)('refuses one that is %s with exit code %d', async (state, exit, why) => {
    const desk = aDesk(aWorld());
    await given(desk, [keys.incident(id), anIncident({ state })]);

    const typed = await type(desk, `incidents close ${id}`);

    expect([typed.exit, typed.err]).toEqual([exit, expect.stringContaining(why)]);
  });

  it('closes nothing when an alarm joins at this moment', async () => {
    const world = aWorld();
    const desk = aDesk(world);
    await given(desk, ...waiting);
    world.trouble.interleave('dynamodb.TransactWriteItems', () =>
      given(aDesk(world), [keys.incident(id), { ...escalated, alarms: 2 }]),
    );

    const { exit, err } = await type(desk, `incidents close ${id}`);

    expect([exit, err]).toEqual([3, expect.stringContaining('an alarm joined it')]);
    expect(await desk.ledger.get(keys.open(id))).toBeDefined();
  });
});
