import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../lib/adapters/memory/settings.ts';
import { keys } from '../../lib/core/keys.ts';
import { sweep } from '../../lib/stages/sweeper.ts';
import { ENVIRONMENT } from '../builders.ts';
import { runIncident, runSweeper } from '../incident-run.ts';
import { killAt } from './kill.ts';
import { endOf, outcomeOf } from './outcome.ts';
import { aBrokenShop, alarmEvent, notifications, outside, pages, pass } from './shop.ts';

const SERVICES = { services: ['recommender'] };
const nobody = { cursor: undefined } as never;

describe('the sweeper and red alarms', () => {
  it('opens one that was red before the deploy: it sends no event', async () => {
    const shop = await aBrokenShop();
    pass(shop, 61);

    const { runs } = await runSweeper(shop);

    const { incident } = await outcomeOf(shop, runs[0] ?? nobody);
    expect(incident).toMatchObject({ ending: 'recovered', trigger: { kind: 'red-alarm' } });
    expect(outside(shop).aliases.champion).toBe('3');
    expect(notifications(shop)).toHaveLength(1);
  });

  it('F05: opens what an old event was refused for, while it is still red', async () => {
    const shop = await aBrokenShop();
    const event = alarmEvent(shop);
    pass(shop, 1200);
    await runIncident(shop, event);

    const { runs } = await runSweeper(shop);

    expect(runs).toHaveLength(1);
    expect(outside(shop).aliases.champion).toBe('3');
  });

  it('leaves the event a minute to arrive', async () => {
    const shop = await aBrokenShop();
    pass(shop, 60);

    expect((await runSweeper(shop)).runs).toEqual([]);
  });

  it('starts one at a time for the red alarms of a service, and one for each', async () => {
    const shop = await aBrokenShop();
    pass(shop, 61);

    const swept = [];
    for (let i = 0; i < 3; i++) swept.push((await sweep(shop.ports, SERVICES)).started);

    expect(swept).toEqual([1, 1, 0]);
  });

  it('opens nothing for alarms that an incident already saw, whatever became of it', async () => {
    const shop = await aBrokenShop();
    const events = [alarmEvent(shop), alarmEvent(shop, 'auc')];
    shop.world.models.get('recommender')?.versions.delete('3');
    for (const event of events) await runIncident(shop, event);
    pass(shop, 120);

    expect((await runSweeper(shop)).runs).toEqual([]);
  });

  it('opens nothing twice for an alarm that stays red, also where its own incident was refused', async () => {
    const shop = await aBrokenShop();
    shop.measure.auc = () => 0.8;
    setMode(shop.world, { environment: ENVIRONMENT }, 'off');
    pass(shop, 61);

    const runs = [];
    for (let i = 0; i < 8; i++) {
      runs.push(...(await runSweeper(shop)).runs);
      pass(shop, 60);
    }

    expect(runs).toHaveLength(1);
    expect((await shop.read.summaries('recommender')).map((s) => s.ending)).toEqual(['refused']);
  });

  it('B3: opens it with the next name when the execution died before it opened anything', async () => {
    const shop = await aBrokenShop();
    pass(shop, 61);
    killAt(shop, 'execution', (operation) => operation === 'dynamodb.TransactWriteItems');
    const [dead] = (await runSweeper(shop)).runs;
    expect(dead?.status).toBe('failed');

    const [other] = (await runSweeper(shop)).runs;

    expect((await outcomeOf(shop, other ?? nobody)).incident?.ending).toBe('recovered');
  });

  it('B3, I5: the only red alarm is tried again after 5 minutes when its execution died', async () => {
    const shop = await aBrokenShop();
    shop.measure.auc = () => 0.8;
    pass(shop, 61);
    killAt(shop, 'execution', (operation) => operation === 'dynamodb.TransactWriteItems');
    await runSweeper(shop);
    expect((await runSweeper(shop)).runs).toEqual([]);
    pass(shop, 300);

    const [again] = (await runSweeper(shop)).runs;

    expect((await outcomeOf(shop, again ?? nobody)).incident?.ending).toBe('recovered');
  });

  it('B12: opens what came late and failed while an incident of the service closed', async () => {
    const shop = await aBrokenShop();
    await shop.ports.ledger.write([
      {
        kind: 'put',
        key: keys.summary('recommender', 'earlier'),
        item: { id: 'earlier', openedAt: shop.world.clock.now() + 1000, state: 'closed', acted: false },
      },
    ]);
    pass(shop, 61);

    expect((await runSweeper(shop)).runs).toHaveLength(1);
  });

  it('joins a red alarm whose event was lost to the incident that people have, and pages whom it calls', async () => {
    const shop = await aBrokenShop();
    shop.world.models.get('recommender')?.versions.delete('3');
    const { id } = await endOf(shop);
    pass(shop, 61);
    const before = pages(shop).length;

    await runSweeper(shop);

    expect(await shop.read.incident(id)).toMatchObject({ state: 'ended', alarms: 2 });
    expect(pages(shop).slice(before)).toMatchObject([
      { subject: `recommender: ${id} is still open and something joined it` },
    ]);
  });

  it('takes a transition for known whose time the event told a little differently', async () => {
    const shop = await aBrokenShop();
    shop.measure.auc = () => 0.8;
    const event = alarmEvent(shop);
    event.detail.state.timestamp = new Date(shop.world.clock.now() + 40).toISOString();
    shop.world.models.get('recommender')?.versions.delete('3');
    await runIncident(shop, event);
    pass(shop, 120);

    expect((await runSweeper(shop)).runs).toEqual([]);
  });
});
