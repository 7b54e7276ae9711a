import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../lib/adapters/memory/settings.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { ENVIRONMENT } from '../builders.ts';
import { beforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, outside, pages, type Shop } from './shop.ts';

describe('F54: the mode is lowered on the way', () => {
  const lower = (shop: Shop) => setMode(shop.world, { environment: ENVIRONMENT }, 'observe');

  it('between plan and hold: nothing is written', async () => {
    const shop = await aBrokenShop();
    const before = outside(shop);

    const { incident } = await endOf(
      shop,
      beforeThe(1, 'HoldPromotion', () => lower(shop)),
    );

    expect(outside(shop)).toEqual(before);
    expect(await shop.read.hold('recommender')).toBeUndefined();
    expect(incident).toMatchObject({
      ending: 'escalated',
      reasons: ['promotion is not held: the mode is observe'],
    });
    expect(pages(shop)).toHaveLength(1);
  });

  it('between rungs: the next rung is withheld, and people get what is left to do by hand', async () => {
    const shop = await aBrokenShop();

    const { incident, receipts } = await endOf(
      shop,
      beforeThe(2, 'ApplyRung', () => lower(shop)),
    );

    expect(receipts['2.1']).toMatchObject({ outcome: 'withheld', note: 'the mode is observe' });
    expect(outside(shop).aliases).toEqual({ champion: '4' });
    expect(incident?.ending).toBe('escalated');
    expect(pages(shop)).toMatchObject([
      { text: expect.stringMatching(/by hand:\n {2}curl .+"version":"3"/) },
    ]);
  });

  it('between a rung and what settles it: settling is withheld, and well signals do not hide that', async () => {
    const shop = await aBrokenShop();

    const { incident, receipts, run } = await endOf(
      shop,
      beforeThe(2, 'SettleRung', () => lower(shop)),
    );

    expect(receipts['2.1.s1']?.outcome).toBe('withheld');
    expect(outside(shop).aliases).toEqual({ champion: '3' });
    expect(run.states.slice(-2)).toEqual(['VerifyRecovery', 'CloseIncident']);
    expect(incident?.ending).toBe('escalated');
    expect(pages(shop)).toMatchObject([{ text: expect.stringMatching(/by hand:\n.*rolled_back/) }]);
  });

  it('I7: while a step observes: it does not act on what it was allowed before', async () => {
    const shop = await aBrokenShop();

    const { receipts } = await endOf(
      shop,
      beforeThe(2, 'ApplyRung', () => shop.world.trouble.interleave('mlflow.GetVersion', () => lower(shop))),
    );

    expect(receipts['2.1']).toMatchObject({
      outcome: 'withheld',
      note: 'the mode is observe',
      before: { value: '4' },
    });
    expect(outside(shop).aliases).toEqual({ champion: '4' });
  });

  it('I7: between two tries of an act: there is no second one', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.interleave('mlflow.SetAlias', () => lower(shop));
    shop.world.trouble.failNext('mlflow.SetAlias', new OutsideTrouble('MLflow answered 502'));

    const { receipts } = await endOf(shop);

    expect(receipts['2.1']).toMatchObject({
      outcome: 'withheld',
      note: 'MLflow answered 502; not tried again: the mode is observe',
      after: { value: '4' },
    });
    expect(shop.world.trouble.calls.get('mlflow.SetAlias')).toBe(1);
  });

  it('I7: a mode that cannot be read means no', async () => {
    const shop = await aBrokenShop();

    const { receipts } = await endOf(
      shop,
      beforeThe(1, 'ApplyRung', () => setMode(shop.world, { environment: ENVIRONMENT }, 'perhaps' as 'off')),
    );

    expect(receipts['1.1']).toMatchObject({
      outcome: 'withheld',
      note: expect.stringMatching(/^the mode cannot be read/),
    });
    expect(outside(shop).flag).toEqual(['false', 'true']);
  });
});
