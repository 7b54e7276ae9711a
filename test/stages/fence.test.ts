import { describe, expect, it } from '@jest/globals';
import { applyStep } from '../../lib/stages/apply-step.ts';
import { closeIncident } from '../../lib/stages/close-incident.ts';
import { holdPromotion } from '../../lib/stages/hold-promotion.ts';
import { planRollbackStage } from '../../lib/stages/plan-rollback.ts';
import { verifyRecovery } from '../../lib/stages/verify-recovery.ts';
import { aCursor } from '../builders.ts';
import { runIncident, runSweeper, stopBeforeThe } from '../incident-run.ts';
import { aBrokenShop, alarmEvent, outside, pass, type Shop } from './shop.ts';

describe('F13, I4: whoever wakes up after the takeover is fenced off', () => {
  const worker = { remainingMs: () => 20_000 };

  it.each<[string, (shop: Shop, incident: string) => Promise<unknown>]>([
    ['plan-rollback', (shop, incident) => planRollbackStage(shop.ports, aCursor({ incident }))],
    ['hold-promotion', (shop, incident) => holdPromotion(shop.ports, aCursor({ incident }))],
    [
      'apply-step',
      (shop, incident) =>
        applyStep(
          shop.ports,
          { incident, service: 'recommender', fence: 1, rung: 1, step: { id: '1.1' } },
          worker,
        ),
    ],
    ['close-incident', (shop, incident) => closeIncident(shop.ports, aCursor({ incident }))],
  ])('%s writes nothing', async (_, stage) => {
    const shop = await aBrokenShop();
    await runIncident(shop, alarmEvent(shop), stopBeforeThe(1, 'HoldPromotion', 'failed'));
    pass(shop, 60);
    const { runs } = await runSweeper(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));
    const before = { outside: outside(shop), items: structuredClone([...shop.world.items]) };

    await expect(stage(shop, runs[0]?.cursor?.incident ?? '')).rejects.toMatchObject({ name: 'FenceLost' });

    expect({ outside: outside(shop), items: [...shop.world.items] }).toEqual(before);
  });

  it('verify-recovery writes no verdict', async () => {
    const shop = await aBrokenShop();
    const first = await runIncident(shop, alarmEvent(shop), stopBeforeThe(1, 'WaitForDatapoints', 'failed'));
    const late = first.cursor;
    pass(shop, 60);
    const { runs } = await runSweeper(shop, stopBeforeThe(1, 'HoldPromotion', 'failed'));
    const id = runs[0]?.cursor?.incident ?? '';

    const verdict = verifyRecovery(shop.ports, late ?? aCursor());

    await expect(verdict).rejects.toMatchObject({ name: 'FenceLost' });
    expect(await shop.read.verdicts(id)).toEqual([]);
  });
});
