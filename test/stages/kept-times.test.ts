import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { timesOf } from '../../lib/core/times.ts';
import { sweep } from '../../lib/stages/sweeper.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, pass } from './shop.ts';

describe('M17: how long an incident took is kept in the list of its service', () => {
  it('as its report has it', async () => {
    const shop = await aBrokenShop();

    const { report } = await endOf(shop);
    const [summary] = await shop.read.summaries('recommender');

    expect(summary?.times).toEqual(timesOf(report));
    expect(summary?.times?.recover).toBeGreaterThan(0);
  });

  it('and by the sweeper, where the report got out only later', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('s3.PutObject', new OutsideTrouble('no answer'), { times: 1 });

    await endOf(shop);
    const [before] = await shop.read.summaries('recommender');
    pass(shop, 60);
    await sweep(shop.ports, { services: ['recommender'] });
    const [after] = await shop.read.summaries('recommender');

    expect([before?.times, after?.times?.goal]).toEqual([undefined, 300]);
  });
});
