import { describe, expect, it } from '@jest/globals';
import { alarmArn, at } from '../builders.ts';
import { looks, onlyTheChampionIsBad } from './champion-shop.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, pages, pass, type Shop } from './shop.ts';

describe('verify-recovery and the clock', () => {
  it('a clean rung takes three looks, the first one included', async () => {
    const shop = await onlyTheChampionIsBad();

    expect(looks((await endOf(shop)).run.states)).toBe(3);
  });

  it('counts from the last receipt and the slowest reader', async () => {
    const shop = await aBrokenShop();

    const { verdicts, receipts } = await endOf(shop);

    expect(verdicts[0]?.switchAt).toBe((receipts['1.1']?.endedAt ?? 0) + 5000);
  });

  it('pages late once when the goal passes, and goes on', async () => {
    const shop = await aBrokenShop({ service: { runbook: { goalSeconds: 60 } } });

    const { incident } = await endOf(shop);

    expect(pages(shop).map((p) => p.subject)).toEqual(['recommender: rollback is late']);
    expect(incident?.ending).toBe('recovered');
  });

  it('measures the goal from the state change of the alarm', async () => {
    const late = async (goalSeconds: number) => {
      const shop = await aBrokenShop({ service: { runbook: { goalSeconds } } });
      pass(shop, 40);
      await endOf(shop, {
        before: (state) => {
          if (state === 'WaitForDatapoints' && shop.world.clock.now() > at(60)) throw new Error('far enough');
        },
      });
      return pages(shop).filter((p) => p.subject.endsWith('late')).length;
    };

    expect([await late(40), await late(90)]).toEqual([1, 0]);
  });
});

describe('verify-recovery and the alarms that joined', () => {
  const redUntil = (shop: Shop, seconds: number, windowSeconds: number) => () => {
    const arn = alarmArn('error-ratio');
    const state = shop.world.clock.now() < at(seconds) ? 'ALARM' : 'OK';
    shop.world.alarms.set(arn, { state, since: at(0), windowSeconds });
  };

  it('waits for an alarm that is red for what came after the switch', async () => {
    const shop = await onlyTheChampionIsBad();

    const { verdicts } = await endOf(shop, { before: redUntil(shop, 95, 50) });

    expect(verdicts[0]?.verdict).toBe('recovered');
    expect(verdicts[0]?.judgedAt).toBeGreaterThanOrEqual(at(95));
  });

  it('excuses an alarm whose window reaches back before the switch, and looks again after that', async () => {
    const shop = await onlyTheChampionIsBad();

    const { verdicts } = await endOf(shop, { before: redUntil(shop, 900, 300) });

    expect(verdicts[0]).toMatchObject({
      verdict: 'recovered',
      lookAgainAt: (verdicts[0]?.switchAt ?? 0) + 300_000,
    });
    expect(await shop.read.open()).toMatchObject([{ lookAgainAt: verdicts[0]?.lookAgainAt }]);
  });
});
