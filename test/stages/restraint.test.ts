import { describe, expect, it } from '@jest/globals';
import { moveAlias, startServing } from '../../lib/adapters/memory/world.ts';
import type { Ending, IncidentSummary } from '../../lib/core/incident.ts';
import { keys } from '../../lib/core/keys.ts';
import { at } from '../builders.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, alarmEvent, outside, pages, pass, SERVED, type Shop } from './shop.ts';

describe('plan-rollback restrains itself', () => {
  const earlier = async (shop: Shop, ...openedAt: number[]) => {
    for (const seconds of openedAt) {
      const id = `recommender-earlier${seconds}`;
      const summary: IncidentSummary = {
        id,
        openedAt: at(seconds),
        endedAt: at(seconds + 60),
        state: 'closed',
        acted: true,
        ending: 'recovered' as Ending,
      };
      await shop.ports.ledger.write([
        { kind: 'put', key: keys.summary('recommender', id), item: { ...summary } },
      ]);
    }
    return shop;
  };

  it('cooldown: holds and pages, and does not act', async () => {
    const shop = await earlier(await aBrokenShop(), -600);
    const before = outside(shop);

    const { incident, run } = await endOf(shop);

    expect(run.states).toEqual(['OpenIncident', 'PlanRollback', 'HoldPromotion', 'CloseIncident']);
    expect(incident).toMatchObject({ ending: 'refused', reasons: [expect.stringMatching(/^cooldown/)] });
    expect(await shop.read.hold('recommender')).toMatchObject({ state: 'standing' });
    expect([outside(shop).flag, outside(shop).aliases]).toEqual([before.flag, before.aliases]);
    expect(pages(shop)).toHaveLength(1);
  });

  it('cooldown: a person skips it', async () => {
    const shop = await earlier(await aBrokenShop(), -600);

    expect((await endOf(shop, { input: { service: 'recommender' } })).incident?.ending).toBe('recovered');
  });

  it('F46: cascade: the third acting incident in 24 hours refuses, and pages', async () => {
    const shop = await earlier(await aBrokenShop(), -80_000, -40_000);

    expect((await endOf(shop)).incident).toMatchObject({
      ending: 'refused',
      reasons: [expect.stringMatching(/^cascade/)],
    });
    expect(outside(shop).aliases.champion).toBe('4');
    expect(pages(shop)).toHaveLength(1);
  });

  it('F03: an alarm that flaps back after the end finds the cooldown', async () => {
    const shop = await aBrokenShop();
    await endOf(shop);
    moveAlias(shop.world, SERVED, '4');
    startServing(shop.world, SERVED, 2);
    pass(shop, 60);

    const { incident } = await endOf(shop, { input: alarmEvent(shop, 'auc') });

    expect(incident).toMatchObject({ ending: 'refused', reasons: [expect.stringMatching(/^cooldown/)] });
    expect(outside(shop).aliases.champion).toBe('4');
  });
});
