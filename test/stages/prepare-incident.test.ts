import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../lib/adapters/memory/settings.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { alarmArn, at, ENVIRONMENT } from '../builders.ts';
import { runIncident } from '../incident-run.ts';
import { aBrokenShop, alarmEvent, aShop, notifications, outside, pages, type Shop } from './shop.ts';

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

  it('and leaves the lease free for the next alarm', async () => {
    const shop = await aBrokenShop();
    setMode(shop.world, { environment: ENVIRONMENT }, 'off');
    await refused(shop);
    setMode(shop.world, { environment: ENVIRONMENT }, 'act');

    const run = await runIncident(shop, alarmEvent(shop, 'auc'));

    expect((await shop.read.incident(run.cursor?.incident ?? ''))?.ending).toBe('recovered');
  });
});
