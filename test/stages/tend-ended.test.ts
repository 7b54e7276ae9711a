import { describe, expect, it } from '@jest/globals';
import { sweep } from '../../lib/stages/sweeper.ts';
import { alarmArn, aPolicy, at } from '../builders.ts';
import { type RunOptions, runSweeper } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, pages, pass, SERVED } from './shop.ts';

const SERVICES = { services: ['recommender'] };

describe('the sweeper and an incident that has ended', () => {
  it('reminds once a day until somebody closes it', async () => {
    const shop = await aBrokenShop();
    shop.world.models.get('recommender')?.versions.delete('3');
    await endOf(shop);
    const before = pages(shop).length;
    const sweptFor = async (hours: number) => {
      for (let hour = 0; hour < hours; hour++) {
        shop.world.clock.advance(3_600_000);
        await sweep(shop.ports, { services: [] });
      }
      return pages(shop).length - before;
    };

    expect(await sweptFor(23)).toBe(0);
    expect(await sweptFor(24)).toBe(1);
    expect(await sweptFor(24)).toBe(2);
  });

  const longAlarm = async () => {
    const shop = await aBrokenShop({
      service: { policy: aPolicy({ do: [[{ lever: 'champion', verb: 'back' }]] }) },
    });
    shop.measure['error-ratio'] = () => ((shop.world.serving.get(SERVED) ?? []).includes('4') ? 0.3 : 0);
    const arn = alarmArn('error-ratio');
    const red = { state: 'ALARM', since: at(0), windowSeconds: 300 } as const;
    const before: RunOptions['before'] = () => void shop.world.alarms.set(arn, red);
    const { id, incident } = await endOf(shop, { before });
    expect(incident).toMatchObject({ state: 'closed', ending: 'recovered' });
    return { shop, id, arn, red };
  };

  it('looks again at an alarm that was red for what came before the switch, and pages when it still is', async () => {
    const { shop, arn, red } = await longAlarm();
    await runSweeper(shop);
    expect(shop.world.messages.filter((m) => m.urgency === 'page')).toEqual([]);

    const [{ lookAgainAt = 0 } = {}] = await shop.read.open();
    // CloudWatch evaluates a minute late.
    pass(shop, (lookAgainAt - shop.world.clock.now()) / 1000 + 59);
    shop.world.alarms.set(arn, red);
    await sweep(shop.ports, SERVICES);
    expect(pages(shop)).toEqual([]);
    pass(shop, 1);
    shop.world.alarms.set(arn, red);
    await sweep(shop.ports, SERVICES);

    expect(pages(shop)).toMatchObject([{ subject: 'recommender: recovered, but an alarm is still red' }]);
    expect(await shop.read.open()).toEqual([]);
  });

  it('looks again, and says nothing when it is well', async () => {
    const { shop } = await longAlarm();
    pass(shop, 360);

    await sweep(shop.ports, SERVICES);

    expect(pages(shop)).toEqual([]);
    expect(await shop.read.open()).toEqual([]);
  });
});
