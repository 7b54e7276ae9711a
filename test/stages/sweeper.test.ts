import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { sweep } from '../../lib/stages/sweeper.ts';
import { executionArn } from '../builders.ts';
import { type RunOptions, runSweeper, stopBeforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, aShop, pages, pass, type Shop } from './shop.ts';

const SERVICES = { services: ['recommender'] };
const down = new OutsideTrouble('no answer');

/** Runs the alarm until the execution ends as said, and a minute more. */
async function stopped(shop: Shop, options: RunOptions) {
  const { id, run } = await endOf(shop, options);
  pass(shop, 60);
  return { id, run, incident: () => shop.read.incident(id) };
}

describe('the sweeper itself', () => {
  it('beats when all went well', async () => {
    const shop = await aShop();

    await sweep(shop.ports, SERVICES);

    expect(shop.world.beats).toHaveLength(1);
  });

  it('does not beat when something did not, and goes on with the rest', async () => {
    const shop = await aBrokenShop();
    await stopped(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));
    shop.world.trouble.failNext('cloudwatch.DescribeAlarms', down);

    const { problems, runs } = await runSweeper(shop);

    expect(problems).toEqual(['recommender: no answer']);
    expect(runs).toHaveLength(1);
    expect(shop.world.beats).toEqual([]);
  });

  it('tells of an execution that died before it had an incident, once in a quarter of an hour', async () => {
    const shop = await aShop();

    for (const name of ['a', 'b']) await sweep(shop.ports, { ...SERVICES, execution: executionArn(name) });

    expect(pages(shop)).toMatchObject([{ subject: 'Reinstate: an execution failed and holds no incident' }]);
  });

  it('says nothing of an execution whose incident it knows', async () => {
    const shop = await aBrokenShop();
    const { run } = await stopped(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));

    await sweep(shop.ports, { ...SERVICES, execution: run.arn });

    expect(pages(shop)).toEqual([]);
  });
});
