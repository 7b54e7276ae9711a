/** Alarms that find an incident which a person started: what that person asked for may be refused. */
import { describe, expect, it } from '@jest/globals';
import { moveAlias } from '../../lib/adapters/memory/world.ts';
import { digestOf } from '../../lib/stages/plan-digest.ts';
import { choosePlan } from '../../lib/stages/plan-rollback.ts';
import { type Run, type RunOptions, runIncident, runSweeper } from '../incident-run.ts';
import { aBrokenShop, alarmEvent, SERVED, type Shop } from './shop.ts';

const incidentOf = (shop: Shop, run: Run) => shop.read.incident(run.cursor?.incident ?? '');

/** A person's start, and an alarm that comes when it first gets to this state. */
async function withAlarmBefore(state: string, shop: Shop, start: object) {
  let alarm: Run | undefined;
  const before = async (reached: string) => {
    if (reached === state) alarm ??= await runIncident(shop, alarmEvent(shop));
  };
  const person = await runIncident(shop, start, { before });
  return { person, alarm };
}

describe('a start by a plan that is stale does not swallow alarms', () => {
  const stale = { service: 'recommender', plan: '0123456789ab' };

  it('a real alarm waits until the plan was compared, and then acts', async () => {
    const shop = await aBrokenShop();
    const { person: byPlan, alarm: early } = await withAlarmBefore('PlanRollback', shop, stale);
    const real = await runIncident(shop, alarmEvent(shop));

    expect(early).toMatchObject({ status: 'failed', error: expect.stringMatching(/not known yet$/) });
    expect(await incidentOf(shop, byPlan)).toMatchObject({ ending: 'refused', alarms: 0 });
    expect((await incidentOf(shop, real))?.ending).toBe('recovered');
  });

  it('joins once that very plan is at work', async () => {
    const shop = await aBrokenShop();
    const result = await choosePlan(shop.ports, shop.armed, { byPerson: true });
    if (result.outcome === 'refused') throw new Error(result.reasons.join());
    const { person: byPlan, alarm: joined } = await withAlarmBefore('SettleRung', shop, {
      ...stale,
      plan: digestOf(result.plan),
    });

    expect(joined?.cursor?.incident).toBe(byPlan.cursor?.incident);
    expect(await incidentOf(shop, byPlan)).toMatchObject({ ending: 'recovered', alarms: 1 });
  });

  it('is not refused with it by a takeover, which compares it again before a rung was begun', async () => {
    const shop = await aBrokenShop();
    const result = await choosePlan(shop.ports, shop.armed, { byPerson: true });
    if (result.outcome === 'refused') throw new Error(result.reasons.join());
    let early: Run | undefined;
    const before: RunOptions['before'] = async (state, _run, stop) => {
      if (state !== 'ApplyRung') return;
      early = await runIncident(shop, alarmEvent(shop));
      moveAlias(shop.world, SERVED, '2');
      stop('failed');
    };

    const byPlan = await runIncident(shop, { ...stale, plan: digestOf(result.plan) }, { before });
    await runSweeper(shop);
    const real = await runIncident(shop, alarmEvent(shop));

    expect(early?.error).toMatch(/not known yet$/);
    expect(await incidentOf(shop, byPlan)).toMatchObject({ takeovers: 1, ending: 'refused', alarms: 0 });
    expect(await incidentOf(shop, real)).toMatchObject({ ending: 'recovered', alarms: 1 });
  });
});

describe('a start with --to that cannot be followed does not swallow alarms', () => {
  const barred = { service: 'recommender', to: { baseline: 'recommender-b20200101T000000' } };

  it('a real alarm waits until it is planned, and then acts by its own plan', async () => {
    const shop = await aBrokenShop();
    const { person: aimed, alarm: early } = await withAlarmBefore('PlanRollback', shop, barred);
    const real = await runIncident(shop, alarmEvent(shop));

    expect(early).toMatchObject({ status: 'failed', error: expect.stringMatching(/not known yet$/) });
    expect(await incidentOf(shop, aimed)).toMatchObject({ ending: 'refused', alarms: 0 });
    expect((await incidentOf(shop, real))?.ending).toBe('recovered');
  });

  it('one that comes after it was refused, and before it is closed, waits too', async () => {
    const shop = await aBrokenShop();
    const { person: aimed, alarm: late } = await withAlarmBefore('CloseIncident', shop, barred);

    expect(late?.status).toBe('failed');
    expect(await incidentOf(shop, aimed)).toMatchObject({ ending: 'refused', alarms: 0 });
  });

  it('joins once the way there is at work', async () => {
    const shop = await aBrokenShop();
    const start = { service: 'recommender', to: { values: { champion: '3' } } };
    const { person: aimed, alarm: joined } = await withAlarmBefore('SettleRung', shop, start);

    expect(joined?.cursor?.incident).toBe(aimed.cursor?.incident);
    expect(await incidentOf(shop, aimed)).toMatchObject({ alarms: 1 });
    expect((await incidentOf(shop, aimed))?.ending).not.toBe('refused');
  });
});
