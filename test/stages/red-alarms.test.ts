import { describe, expect, it } from '@jest/globals';
import { sweep } from '../../lib/stages/sweeper.ts';
import { runIncident, runSweeper } from '../incident-run.ts';
import { endOf, outcomeOf } from './outcome.ts';
import { aBrokenShop, alarmEvent, notifications, outside, pass } from './shop.ts';

const SERVICES = { services: ['recommender'] };

describe('the sweeper and red alarms', () => {
  it('opens one that was red before the deploy: it sends no event', async () => {
    const shop = await aBrokenShop();
    pass(shop, 61);

    const { runs } = await runSweeper(shop);

    const { incident } = await outcomeOf(shop, runs[0] ?? ({ cursor: undefined } as never));
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

  it('starts one for all the red alarms of a service, and none for an alarm that an incident holds', async () => {
    const shop = await aBrokenShop();
    pass(shop, 61);

    const swept = [await sweep(shop.ports, SERVICES), await sweep(shop.ports, SERVICES)];

    expect(swept.map((s) => s.started)).toEqual([1, 0]);
  });

  it('opens nothing for an alarm that an incident already saw, whatever became of it', async () => {
    const shop = await aBrokenShop();
    shop.world.models.get('recommender')?.versions.delete('3');
    await endOf(shop);
    pass(shop, 120);

    expect((await runSweeper(shop)).runs).toEqual([]);
  });
});
