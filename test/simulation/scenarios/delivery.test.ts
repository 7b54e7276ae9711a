import { describe, expect, it } from '@jest/globals';
import { shipBad } from '../../../lib/simulation/estate.ts';
import { BREAKS_AFTER_MS, day } from '../scenario.ts';
import { SHOPS, storm } from '../storm.ts';
import {
  allCameTo,
  callsOf,
  cameTo,
  counted,
  executionsOf,
  flagHeld,
  ONE_ALARM,
  sorted,
  WELL,
} from './executions.ts';
import { alarmsArrive, setAlarm } from './faults.ts';

const MINUTE = 60_000;
/** What a loser of the lease, or a refused event, goes through: three transitions, the end among them. */
const AT_ONCE = ['OpenIncident', 'NextStage', 'Done'];

describe('F01: the same alarm event delivered 2 to 50 times', () => {
  it.each([2, 50])('%s copies at one instant: one incident acts, the others attach', async (copies) => {
    const seen = await day(
      (environment) => alarmsArrive(environment, ...new Array<number>(copies).fill(300)),
      ONE_ALARM,
    );
    const ran = await executionsOf(seen);

    expect(cameTo(seen)).toEqual(WELL);
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    expect(seen.incident.alarms).toBe(1);
    // The last one is told that the alarm is OK again.
    expect(counted(ran)).toEqual({ owner: 1, attached: copies - 1, refused: 1 });
    for (const { as, states } of ran) if (as !== 'owner') expect(states).toEqual(AT_ONCE);
  });

  it('copies that come in the middle, after the end, and too late to open anything attach silently too', async () => {
    const seen = await day(
      (environment) => alarmsArrive(environment, 300, 30_000, 8 * MINUTE, 15 * MINUTE),
      ONE_ALARM,
    );

    expect(cameTo(seen)).toEqual(WELL);
    expect(counted(await executionsOf(seen))).toEqual({ owner: 1, attached: 3, refused: 1 });
  });

  it('copies of three alarms: one incident holds each alarm once', async () => {
    const seen = await day((environment) => alarmsArrive(environment, 300, 300, 310, 900, 900));

    expect(cameTo(seen)).toEqual(WELL);
    expect(seen.incident.alarms).toBe(3);
    expect(counted(await executionsOf(seen))).toEqual({ owner: 1, attached: 14, refused: 3 });
  });
});

describe('F02: a storm of 1,000 events over 10 services', () => {
  it('ten act, each on its own levers and once; 990 attach in three transitions each; nobody is paged', async () => {
    const seen = await storm({ copies: 100 });
    const ran = await executionsOf(seen);

    expect(allCameTo(seen)).toMatchObject({
      ends: new Array(10).fill('recovered'),
      pages: [],
      violations: [],
    });
    expect(new Set(seen.incidents.map(({ service }) => service)).size).toBe(10);
    expect(counted(ran)).toEqual({ owner: 10, attached: 990, refused: 10 });
    for (const { as, states } of ran) if (as !== 'owner') expect(states).toEqual(AT_ONCE);
    const own = SHOPS.flatMap(({ service: { name } }) =>
      WELL.changes.map((change) => change.replaceAll('recommender', name)),
    );
    expect(allCameTo(seen).changes).toEqual(sorted(own));
  });

  it('also where every alarm flaps in the middle of it: the second transition attaches as well', async () => {
    const seen = await storm({ copies: 50, flaps: true });

    const ran = (await executionsOf(seen)).filter(({ as }) => as !== 'refused');
    expect(counted(ran)).toEqual({ owner: 10, attached: 990 });
    expect(allCameTo(seen)).toMatchObject({ ends: new Array(10).fill('recovered'), violations: [] });
    for (const { alarms } of seen.incidents) expect(alarms).toBe(2);
  });

  it('costs no call to SSM, CloudWatch or the registry more than ten events: only winners read', async () => {
    const [small, large] = [await storm({ copies: 1 }), await storm({ copies: 100 })];
    const outside = ({ environment }: typeof small) =>
      Object.fromEntries(
        [...environment.world.trouble.calls].filter(([call]) => !call.startsWith('dynamodb')),
      );

    expect(outside(large)).toEqual(outside(small));
    // Armed service and two modes; the alarm and its metric.
    expect(callsOf(large.environment, 'open-incident')).toMatchObject({ ssm: 30, cloudwatch: 20 });
  });
});

describe('F03: the alarm flaps ALARM, OK, ALARM within 30 s', () => {
  it('while its incident runs: the second ALARM joins it, and nothing acts twice', async () => {
    const seen = await day(
      (environment) => environment.later(218_000, () => setAlarm(environment, 'OK')),
      ONE_ALARM,
    );

    expect(cameTo(seen)).toEqual(WELL);
    expect(flagHeld(seen)).toEqual(['false', 'true', 'false']);
    expect(seen.incident.alarms).toBe(2);
    expect(counted(await executionsOf(seen))).toEqual({ owner: 1, attached: 1, refused: 2 });
  });

  it('OK at the moment it is read again: a notification; the ALARM after it acts, once', async () => {
    const seen = await day((environment) => {
      alarmsArrive(environment, 4000);
      environment.later(206_000, () => setAlarm(environment, 'OK'));
    }, ONE_ALARM);

    expect(allCameTo(seen)).toEqual({
      ends: ['refused: the alarm is OK again', 'recovered'],
      changes: WELL.changes,
      pages: [],
      violations: [],
    });
  });

  it('back in ALARM soon after the recovery: held and paged, and no second act', async () => {
    const seen = await day(
      (environment, shop) =>
        environment.later(400_000, () =>
          environment.witness.somebody('it breaks again', () =>
            shipBad(environment.world, shop, shop.armed.service.levers),
          ),
        ),
      { ...ONE_ALARM, minutes: 30 },
    );

    const [first] = seen.incidents;
    expect(allCameTo(seen)).toEqual({
      ends: ['recovered', `refused: cooldown: "${first?.id}" acted less than 15 minutes ago`],
      changes: WELL.changes,
      pages: ['recommender (local) was not rolled back'],
      violations: [],
    });
    expect(await seen.read.hold('recommender')).toMatchObject({ state: 'standing' });
  });
});

describe('F04: OK arrives before the ALARM that was before it', () => {
  it('the alarm is well: its late ALARM is refused with a notification, and nothing acts', async () => {
    const seen = await day((environment, shop) => {
      environment.bus.script = ({ state }) => [state === 'ALARM' ? MINUTE : 300];
      environment.later(215_000, () => environment.witness.somebody('it heals', () => shop.bad.clear()));
    }, ONE_ALARM);

    expect((await executionsOf(seen)).map(({ as }) => as)).toEqual(['refused', 'owner']);
    expect(cameTo(seen)).toMatchObject({ changes: [], pages: [], violations: [], running: [] });
    expect(allCameTo(seen).ends).toEqual(['refused: the alarm is OK again']);
  });

  it('the alarm is red: an OK of before it arrives after its ALARM, and stops nothing', async () => {
    const seen = await day((environment) => {
      environment.bus.script = ({ state, since }) =>
        state === 'OK' && since < environment.witness.startedAt + BREAKS_AFTER_MS ? [110_000] : undefined;
      environment.later(100_000, () => setAlarm(environment, 'OK'));
    }, ONE_ALARM);

    expect((await executionsOf(seen)).map(({ as }) => as)).toEqual(['owner', 'refused', 'refused']);
    expect(cameTo(seen)).toEqual(WELL);
  });
});
