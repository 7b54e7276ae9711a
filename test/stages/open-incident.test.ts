import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { alarmArn } from '../builders.ts';
import { runIncident } from '../incident-run.ts';
import { killAt, rightAfter } from './kill.ts';
import { aBrokenShop, alarmEvent, aShop, notifications, outside, pages, pass, type Shop } from './shop.ts';

const down = new OutsideTrouble('Cannot read parameter: throttled');
const incidentsOf = (shop: Shop) => shop.read.summaries('recommender');

describe('open-incident: one alarm, one incident', () => {
  it('F01: fifty deliveries of one alarm make one incident; the others attach silently in three states', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);

    const first = await runIncident(shop, event, {
      before: async (state) => {
        if (state !== 'HoldPromotion') return;
        const more = await Promise.all(Array.from({ length: 49 }, () => runIncident(shop, event)));
        expect(more.every((run) => run.states.length === 1 && run.cursor?.next === 'done')).toBe(true);
      },
    });

    expect(await incidentsOf(shop)).toHaveLength(1);
    expect(await shop.read.incident(first.cursor?.incident ?? '')).toMatchObject({
      alarms: 1,
      ending: 'recovered',
    });
    expect(shop.world.messages).toHaveLength(1);
  });

  it('I1: of fifty at the same moment one wins', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);

    const runs = await Promise.all(Array.from({ length: 50 }, () => runIncident(shop, event)));

    expect(runs.filter((run) => run.states.includes('PlanRollback'))).toHaveLength(1);
    expect(await incidentsOf(shop)).toHaveLength(1);
    expect(outside(shop).flag).toEqual(['false', 'true', 'false']);
  });

  it('F01: a duplicate that comes after the end attaches silently too', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    await runIncident(shop, event);

    const late = await runIncident(shop, event);

    expect(late.states).toEqual(['OpenIncident']);
    expect(await incidentsOf(shop)).toHaveLength(1);
    expect(pages(shop)).toEqual([]);
  });

  it('F01: a duplicate that comes a quarter of an hour late attaches silently too', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    await runIncident(shop, event);
    const before = shop.world.messages.length;
    pass(shop, 900);

    const late = await runIncident(shop, event);

    expect(late.states).toEqual(['OpenIncident']);
    expect(shop.world.messages).toHaveLength(before);
  });

  it('F05, F11: a retry that comes after ten minutes goes on with the incident that it opened', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    pass(shop, 600);
    killAt(shop, 'function', rightAfter('dynamodb.TransactWriteItems'));

    const run = await runIncident(shop, event);

    expect((await shop.read.incident(run.cursor?.incident ?? ''))?.ending).toBe('recovered');
  });

  it('only the winner reads the alarm, the mode and the armed service', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    await runIncident(shop, event);
    const { calls } = shop.world.trouble;
    const before = [calls.get('ssm.GetParameter'), calls.get('cloudwatch.DescribeAlarms')];

    await runIncident(shop, event);

    expect([calls.get('ssm.GetParameter'), calls.get('cloudwatch.DescribeAlarms')]).toEqual(before);
  });

  it('F16: recognises its own lease when the answer to taking it was lost', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('dynamodb.TransactWriteItems', down, { when: 'lost' });

    const run = await runIncident(shop, alarmEvent(shop));

    expect(run.status).toBe('succeeded');
    expect((await incidentsOf(shop)).map((i) => i.ending)).toEqual(['recovered']);
  });

  it('F15: acts on nothing when the table cannot be reached, and its execution fails where it is seen', async () => {
    const shop = await aBrokenShop();
    const before = outside(shop);
    shop.world.trouble.failNext('dynamodb.TransactWriteItems', down, { times: 3 });

    const run = await runIncident(shop, alarmEvent(shop));

    expect(run.status).toBe('failed');
    expect(outside(shop)).toEqual(before);
  });
});

describe('open-incident refuses before the lease', () => {
  it('F05: an event of two hours ago, with a notification and no page', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    pass(shop, 7200);

    const run = await runIncident(shop, event);

    expect(run.cursor).toMatchObject({ next: 'done', ending: 'refused', incident: '' });
    expect(notifications(shop)).toMatchObject([{ text: expect.stringMatching(/120 minutes old \(stale\)/) }]);
    expect(pages(shop)).toEqual([]);
    expect(await incidentsOf(shop)).toEqual([]);
  });

  it('F07: malformed input, with a record each and one page in fifteen minutes', async () => {
    const shop = await aShop();

    for (const input of [{}, [], { service: '../etc' }, 'x', { service: 3 }]) await runIncident(shop, input);

    expect(pages(shop)).toMatchObject([{ text: expect.stringMatching(/^Refused: malformed input/) }]);
    expect(await shop.ports.ledger.list('refused', '')).toHaveLength(5);
    pass(shop, 15 * 60);
    await runIncident(shop, {});
    expect(pages(shop)).toHaveLength(2);
  });

  it('an alarm of another service is counted by itself', async () => {
    const shop = await aBrokenShop();
    const stranger = (name: string) => {
      const event = alarmEvent(shop);
      return { ...event, resources: [`${event.resources[0]}-${name}`] };
    };

    for (const name of ['a', 'a', 'b']) await runIncident(shop, stranger(name));

    expect(pages(shop)).toHaveLength(2);
  });

  it('a service that is unknown here', async () => {
    const shop = await aShop();

    await runIncident(shop, { service: 'checkout' });

    expect(pages(shop)).toMatchObject([{ text: expect.stringMatching(/service "checkout" is unknown/) }]);
  });

  it('F07: an alarm that is not of the service it is said to be red for', async () => {
    const shop = await aShop();
    const alarm = `${alarmArn('error-ratio')}-of-somebody-else`;

    await runIncident(shop, { service: 'recommender', alarm, at: shop.world.clock.now() });

    expect(pages(shop)).toMatchObject([
      { text: expect.stringMatching(/is not one of service "recommender"/) },
    ]);
    expect(await shop.read.lease('recommender')).toBeUndefined();
  });

  it('F07: an incident that nobody knows', async () => {
    const shop = await aShop();

    const run = await runIncident(shop, { incident: 'recommender-20261121T090405-1a2b3c4d' });

    expect(run.cursor).toMatchObject({ next: 'done', ending: 'refused' });
    expect(pages(shop)).toMatchObject([{ text: expect.stringMatching(/incident ".*1a2b3c4d" is unknown/) }]);
  });

  it('B10, I5: a function that dies between writing and sending has told nobody: its retry tells', async () => {
    const shop = await aShop();
    killAt(shop, 'function', (operation) => operation === 'sns.Publish');

    await runIncident(shop, {});
    await runIncident(shop, {});

    expect(pages(shop)).toHaveLength(1);
  });

  it('F48: a page that no channel took fails the execution, and is tried again for the next event', async () => {
    const shop = await aShop();
    shop.world.trouble.failNext('sns.Publish', down, { times: 3 });

    const unheard = await runIncident(shop, {});
    const heard = await runIncident(shop, {});

    expect([unheard.status, heard.status]).toEqual(['failed', 'succeeded']);
    expect(pages(shop)).toHaveLength(1);
  });
});
