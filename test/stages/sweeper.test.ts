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

  it('B11, F49: tells of each execution that died before it had an incident, in one page a quarter', async () => {
    const shop = await aShop();

    for (const name of ['a', 'b', 'c', 'b'])
      await sweep(shop.ports, { ...SERVICES, execution: executionArn(name) });
    const atOnce = pages(shop).length;
    pass(shop, 16 * 60);
    for (let i = 0; i < 2; i++) await sweep(shop.ports, SERVICES);

    const { subject } = { subject: 'Reinstate: an execution failed and holds no incident' };
    expect(atOnce).toBe(1);
    expect(pages(shop)).toMatchObject([
      { subject, text: expect.stringContaining(executionArn('a')) },
      { subject, text: expect.stringMatching(/:b\n.*:c\n/) },
    ]);
  });

  it('B11, F48: tells of it with the next sweep when no channel took the page', async () => {
    const shop = await aShop();
    shop.world.trouble.failNext('sns.Publish', down);

    const first = await sweep(shop.ports, { ...SERVICES, execution: executionArn('a') });
    const told = pages(shop).length;
    for (let i = 0; i < 2; i++) await sweep(shop.ports, SERVICES);

    expect([first.problems.length, told, pages(shop).length]).toEqual([1, 0, 1]);
    expect(await shop.ports.ledger.list('untold', '')).toEqual([]);
  });

  it('B11, I5: forgets all that one page told of at once: a sweep that dies then has left none behind', async () => {
    const shop = await aShop();
    const { ledger } = shop.ports;
    for (const name of ['a', 'b', 'c', 'd'])
      await sweep(shop.ports, { ...SERVICES, execution: executionArn(name) });
    pass(shop, 16 * 60);
    let deleting = 0;
    const write: typeof ledger.write = async (writes) => {
      if (writes.some(({ kind }) => kind === 'delete') && ++deleting > 1) throw down;
      return ledger.write(writes);
    };

    await sweep({ ...shop.ports, ledger: { ...ledger, write } }, SERVICES);

    expect(pages(shop)).toHaveLength(2);
    expect(await ledger.list('untold', '')).toEqual([]);
  });

  it('B11: tells of it before it looks at services: a sweep that dies over them has told', async () => {
    const shop = await aShop();
    const told: number[] = [];
    const settings: typeof shop.ports.settings = {
      ...shop.ports.settings,
      armed: (service) => {
        told.push(pages(shop).length);
        return shop.ports.settings.armed(service);
      },
    };

    await sweep({ ...shop.ports, settings }, { ...SERVICES, execution: executionArn('a') });

    expect(told[0]).toBe(1);
  });

  it('B11: fails where it cannot keep the execution, so that Lambda sends the event again', async () => {
    const shop = await aShop();
    shop.world.trouble.failNext('dynamodb.TransactWriteItems', down);

    await expect(sweep(shop.ports, { ...SERVICES, execution: executionArn('a') })).rejects.toThrow(down);
  });

  it('says nothing of a takeover that died: its incident is tended', async () => {
    const shop = await aBrokenShop();
    const { id } = await stopped(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));

    await sweep(shop.ports, { ...SERVICES, execution: executionArn(`${id}-takeover-0`) });

    expect(pages(shop)).toEqual([]);
  });

  it('says nothing of an execution whose incident it knows', async () => {
    const shop = await aBrokenShop();
    const { run } = await stopped(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));

    await sweep(shop.ports, { ...SERVICES, execution: run.arn });

    expect(pages(shop)).toEqual([]);
  });
});
