import { describe, expect, it } from '@jest/globals';
import { alarmArn, at } from '../builders.ts';
import { runIncident } from '../incident-run.ts';
import { killAt, rightAfter } from './kill.ts';
import { aBrokenShop, alarmEvent, outside, pages } from './shop.ts';

/** An incident that ended `escalated`: its second lever cannot be pulled, its first did not help. */
async function endedShop() {
  const shop = await aBrokenShop();
  shop.world.models.get('recommender')?.versions.delete('3');
  const run = await runIncident(shop, alarmEvent(shop));
  expect(await shop.read.incident(run.cursor?.incident ?? '')).toMatchObject({
    state: 'ended',
    ending: 'escalated',
  });
  return { shop, ended: run.cursor?.incident ?? '' };
}

describe('an alarm that joins an incident that people have', () => {
  it('joins it, pages, and nothing acts', async () => {
    const { shop, ended } = await endedShop();
    const before = outside(shop);
    const { call } = shop.armed.service.runbook;

    const run = await runIncident(shop, alarmEvent(shop, 'auc'));

    expect(run.states).toEqual(['OpenIncident']);
    expect(await shop.read.incident(ended)).toMatchObject({ id: ended, state: 'ended', alarms: 2 });
    expect(pages(shop).at(-1)).toMatchObject({
      subject: `recommender: ${ended} is still open and something joined it`,
      call,
    });
    expect(outside(shop)).toEqual(before);
  });

  it('pages also when its execution died between joining and paging', async () => {
    const { shop } = await endedShop();
    const event = alarmEvent(shop, 'auc');
    const before = pages(shop).length;
    killAt(shop, 'execution', rightAfter('dynamodb.TransactWriteItems'));

    await runIncident(shop, event);
    await runIncident(shop, event);

    expect(pages(shop).length).toBeGreaterThan(before);
  });

  it('pages once for each transition', async () => {
    const { shop } = await endedShop();
    const before = pages(shop).length;

    for (let i = 0; i < 5; i++) await runIncident(shop, alarmEvent(shop, 'auc'));

    expect(pages(shop)).toHaveLength(before + 1);
  });

  it('pages for each alarm, and for a person', async () => {
    const { shop } = await endedShop();
    const before = pages(shop).length;

    await runIncident(shop, alarmEvent(shop, 'auc'));
    shop.world.alarms.set(alarmArn('latency'), { state: 'ALARM', since: at(0), windowSeconds: 50 });
    await runIncident(shop, alarmEvent(shop, 'latency'));
    await runIncident(shop, { service: 'recommender' });

    expect(
      pages(shop)
        .slice(before)
        .map((p) => p.text),
    ).toEqual([
      expect.stringMatching(/; alarm arn:.+-auc joined it/),
      expect.stringMatching(/; alarm arn:.+-latency joined it/),
      expect.stringMatching(/; a start by a person joined it/),
    ]);
  });

  it('a question wakes nobody, and hides no start that comes after it', async () => {
    const { shop } = await endedShop();
    const before = pages(shop).length;

    await runIncident(shop, { service: 'recommender', dryRun: true });
    const asked = pages(shop).length - before;
    for (const name of ['a', 'b']) await runIncident(shop, { service: 'recommender' }, { name });

    expect(asked).toBe(0);
    expect(pages(shop)).toHaveLength(before + 2);
  });
});
