import { describe, expect, it } from '@jest/globals';
import { setMode } from '../../lib/adapters/memory/settings.ts';
import { moveAlias, putParameter, startServing } from '../../lib/adapters/memory/world.ts';
import { provenBaselines } from '../../lib/core/release.ts';
import { aFlag, anAlias, at, CHAMPION, ENVIRONMENT } from '../builders.ts';
import { beforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, alarmEvent, aShop, outside, PARAMETER, pass, recordBaseline, SERVED } from './shop.ts';

/** The flag is on in the newest baseline, and may be put off always; then a bad model ships. */
async function aShopWithTheFlagOn() {
  const shop = await aShop({ service: { levers: [aFlag({ alwaysSafe: true }), anAlias()] } });
  shop.measure['error-ratio'] = () => ((shop.world.serving.get(SERVED) ?? []).includes('4') ? 0.3 : 0);
  putParameter(shop.world, PARAMETER, 'true');
  await recordBaseline(shop, { id: 'recommender-b20261120T101500', recordedAt: at(-86_400) });
  pass(shop, 35);
  moveAlias(shop.world, SERVED, '4');
  startServing(shop.world, SERVED, 2);
  pass(shop, 25);
  return shop;
}

describe('I10: quarantine-removed', () => {
  it('bars what differed from the baseline, never what the baseline itself holds', async () => {
    const shop = await aShopWithTheFlagOn();

    const { incident, receipts } = await endOf(shop, { input: alarmEvent(shop) });

    expect(incident?.ending).toBe('recovered');
    expect([receipts['1.1']?.outcome, receipts['2.1']?.outcome]).toEqual(['applied', 'applied']);
    const quarantined = await shop.read.quarantine('recommender');
    expect(quarantined).toMatchObject([{ target: CHAMPION, value: '4', state: 'quarantined' }]);
    const [newest] = provenBaselines(await shop.read.baselines('recommender'), quarantined);
    expect(newest?.id).toBe('recommender-b20261120T101500');
  });

  it('I7: tags nothing once the mode was lowered; the ledger bars the version all the same', async () => {
    const shop = await aBrokenShop();

    const { id } = await endOf(
      shop,
      beforeThe(1, 'CloseIncident', () => setMode(shop.world, { environment: ENVIRONMENT }, 'observe')),
    );

    expect(outside(shop).tags.find(([v]) => v === '4')?.[1]).toMatchObject({
      'reinstate.state': 'suspected',
    });
    expect((await shop.read.quarantine('recommender')).map((q) => q.state)).toEqual([
      'quarantined',
      'quarantined',
    ]);
    const notes = await shop.read.notes<{ text?: string }>(id);
    expect(notes.map((n) => n.text)).toContain('champion: not marked as quarantined: the mode is observe');
  });
});
