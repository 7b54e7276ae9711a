import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../lib/adapters/memory/settings.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { alarmArn, anArmedService, at, ENVIRONMENT } from '../builders.ts';
import { runIncident } from '../incident-run.ts';
import { aBrokenShop, alarmEvent, aShop, notifications, outside, pages, pass, type Shop } from './shop.ts';

const down = new OutsideTrouble('Cannot read parameter: throttled');

describe('open-incident ends refused after the lease', () => {
  /** Runs the alarm. @returns its incident, when nothing outside was touched. */
  async function refused(shop: Shop, input: unknown = alarmEvent(shop)) {
    const before = outside(shop);
    const run = await runIncident(shop, input);
    expect(run.states).toEqual(['OpenIncident', 'CloseIncident']);
    expect(outside(shop)).toEqual(before);
    return shop.read.incident(run.cursor?.incident ?? '');
  }

  it('F06: a forged alarm, whose metric is healthy: page', async () => {
    const shop = await aShop();
    shop.world.alarms.set(alarmArn('error-ratio'), {
      state: 'ALARM',
      since: shop.world.clock.now(),
      windowSeconds: 50,
    });

    expect(await refused(shop)).toMatchObject({
      state: 'closed',
      ending: 'refused',
      reasons: ['the alarm says ALARM and its metric is healthy: it may be forged'],
    });
    expect(pages(shop)).toHaveLength(1);
  });

  it('F04: an alarm that is OK again: notification', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    shop.world.alarms.set(alarmArn('error-ratio'), { state: 'OK', since: at(1), windowSeconds: 50 });

    expect(await refused(shop, event)).toMatchObject({
      ending: 'refused',
      reasons: ['the alarm is OK again'],
    });
    expect(pages(shop)).toEqual([]);
    expect(notifications(shop)).toHaveLength(1);
  });

  it('B8: an alarm without data: page', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    const silent = { state: 'INSUFFICIENT_DATA', since: at(1), windowSeconds: 50 } as const;
    shop.world.alarms.set(alarmArn('error-ratio'), silent);

    expect((await refused(shop, event))?.reasons).toEqual(['the alarm is INSUFFICIENT_DATA, not ALARM']);
    expect(pages(shop)).toHaveLength(1);
  });

  it('F06: ten forgeries of one alarm in five minutes: one page, and the rest are notifications', async () => {
    const shop = await aShop();
    const forge = async () => {
      const since = shop.world.clock.now();
      shop.world.alarms.set(alarmArn('error-ratio'), { state: 'ALARM', since, windowSeconds: 50 });
      await refused(shop);
    };

    for (let i = 0; i < 10; i++) {
      await forge();
      pass(shop, 30);
    }
    expect([pages(shop).length, notifications(shop).length]).toEqual([1, 9]);
    pass(shop, 900);
    await forge();

    expect(pages(shop)).toHaveLength(2);
  });

  it('F06: a forgery does not silence the page of another refusal of its alarm', async () => {
    const shop = await aShop();
    const forged = { state: 'ALARM', since: shop.world.clock.now(), windowSeconds: 50 } as const;
    shop.world.alarms.set(alarmArn('error-ratio'), forged);
    await refused(shop);
    setMode(shop.world, { environment: ENVIRONMENT }, 'maybe' as 'off');
    pass(shop, 10);
    shop.world.alarms.set(alarmArn('error-ratio'), { ...forged, since: shop.world.clock.now() });
    await refused(shop);

    expect(pages(shop)).toHaveLength(2);
  });

  it('an alarm that was deleted: page', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    shop.world.alarms.delete(alarmArn('error-ratio'));

    expect((await refused(shop, event))?.reasons).toEqual([
      `alarm ${alarmArn('error-ratio')} does not exist`,
    ]);
    expect(pages(shop)).toHaveLength(1);
  });

  it('I7: mode off: notification', async () => {
    const shop = await aBrokenShop();
    setMode(shop.world, { environment: ENVIRONMENT, service: 'recommender' }, 'off');

    expect((await refused(shop))?.reasons).toEqual(['the mode is off']);
    expect(pages(shop)).toEqual([]);
    expect(notifications(shop)).toHaveLength(1);
  });

  it('I7: mode off stops a person too', async () => {
    const shop = await aBrokenShop();
    setMode(shop.world, { environment: ENVIRONMENT }, 'off');

    expect((await refused(shop, { service: 'recommender' }))?.ending).toBe('refused');
  });

  it.each([
    ['no mode at all', 'maybe'],
    ['empty', ''],
  ])('I7: a mode that is %s: page', async (_, mode) => {
    const shop = await aBrokenShop();
    setMode(shop.world, { environment: ENVIRONMENT }, mode as 'off');

    expect((await refused(shop))?.reasons?.[0]).toMatch(/^the armed service or the mode cannot be read: /);
    expect(pages(shop)).toHaveLength(1);
  });

  it('I7: a mode that cannot be read: page', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('ssm.GetParameter', down, { times: 9 });

    expect((await refused(shop))?.ending).toBe('refused');
    expect(pages(shop)).toHaveLength(1);
  });

  it('a service that was never armed: page', async () => {
    const shop = await aBrokenShop();
    shop.world.parameters.delete(`/reinstate/${ENVIRONMENT}/armed/recommender`);

    expect((await refused(shop))?.reasons).toEqual([
      'service "recommender" is not armed: deploy its environment',
    ]);
    expect(pages(shop)).toHaveLength(1);
  });

  it('an alarm that the deploy allows and no service is armed with: page', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    const stranger = `${event.resources[0]}-9`;
    shop.rules.allowed.recommender?.push(stranger);

    const incident = await refused(shop, { ...event, resources: [stranger] });

    expect(incident?.reasons).toEqual([`alarm ${stranger} is not armed for this service`]);
    expect(pages(shop)).toHaveLength(1);
  });

  it('and leaves the lease free for the next alarm', async () => {
    const shop = await aBrokenShop();
    setMode(shop.world, { environment: ENVIRONMENT }, 'off');
    await refused(shop);
    setMode(shop.world, { environment: ENVIRONMENT }, 'act');

    const run = await runIncident(shop, alarmEvent(shop, 'auc'));

    expect((await shop.read.incident(run.cursor?.incident ?? ''))?.ending).toBe('recovered');
  });
});

describe('open-incident believes', () => {
  it('an alarm for missing data, where the signal declares missing data as breaching', async () => {
    const armed = anArmedService();
    const signals = armed.service.signals.map((s) =>
      s.name === 'auc' ? { ...s, missing: 'breach' as const } : s,
    );
    const shop = await aShop({ service: { signals } });
    shop.measure.auc = () => undefined;
    pass(shop, 60);
    shop.world.alarms.set(alarmArn('auc'), { state: 'ALARM', since: at(0), windowSeconds: 50 });

    const run = await runIncident(shop, alarmEvent(shop, 'auc'));

    expect(run.states).toContain('PlanRollback');
  });

  it('not a healthy metric with a late datapoint, however missing data is declared', async () => {
    const armed = anArmedService();
    const signals = armed.service.signals.map((s) =>
      s.name === 'auc' ? { ...s, missing: 'breach' as const } : s,
    );
    const shop = await aShop({ service: { signals } });
    pass(shop, 59);
    shop.world.alarms.set(alarmArn('auc'), {
      state: 'ALARM',
      since: shop.world.clock.now(),
      windowSeconds: 50,
    });

    const run = await runIncident(shop, alarmEvent(shop, 'auc'));

    expect(run.states).not.toContain('PlanRollback');
  });
});
