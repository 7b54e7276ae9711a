import { describe, expect, it } from '@jest/globals';
import { takeoverWrites } from '../../lib/core/lease.ts';
import { applyStep } from '../../lib/stages/apply-step.ts';
import { closeIncident } from '../../lib/stages/close-incident.ts';
import { holdPromotion } from '../../lib/stages/hold-promotion.ts';
import { openIncident } from '../../lib/stages/open-incident.ts';
import { planRollbackStage } from '../../lib/stages/plan-rollback.ts';
import { verifyRecovery } from '../../lib/stages/verify-recovery.ts';
import { aCursor, at, executionArn } from '../builders.ts';
import { runIncident, runSweeper, stopBeforeThe } from '../incident-run.ts';
import { killAt } from './kill.ts';
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

  it('a step that was announced after the takeover had looked is waited for', async () => {
    const shop = await aBrokenShop();
    const { cursor } = await runIncident(shop, alarmEvent(shop), stopBeforeThe(1, 'ApplyRung', 'failed'));
    // Until the marks that hold-promotion announced are over too.
    pass(shop, 60);
    const incident = cursor?.incident ?? '';
    const step = { incident, service: 'recommender', fence: 1, rung: 1, step: { id: '1.1' } };
    pass(shop, 60);
    shop.world.trouble.interleave('dynamodb.TransactWriteItems', async () => {
      await applyStep(shop.ports, step, worker);
    });
    const input = { event: { incident }, execution: executionArn('second') };

    const stillRunning = { name: 'StepStillRunning' };
    await expect(openIncident(shop.ports, shop.rules, input)).rejects.toMatchObject(stillRunning);
    // Its `actUntil`: the takeover keeps the margin after it.
    shop.world.clock.advance(25_000);
    await expect(openIncident(shop.ports, shop.rules, input)).rejects.toMatchObject(stillRunning);
    shop.world.clock.advance(5000);

    expect(await openIncident(shop.ports, shop.rules, input)).toMatchObject({
      fence: 2,
      next: 'hold',
      rung: 1,
    });
  });

  it('the sweeper that cancels waits for a step that was announced after it had looked', async () => {
    const shop = await aBrokenShop();
    const { cursor } = await runIncident(shop, alarmEvent(shop), stopBeforeThe(1, 'ApplyRung', 'aborted'));
    const incident = cursor?.incident ?? '';
    const step = { incident, service: 'recommender', fence: 1, rung: 1, step: { id: '1.1' } };
    pass(shop, 60);
    shop.world.trouble.interleave('dynamodb.TransactWriteItems', async () => {
      await applyStep(shop.ports, step, worker);
    });

    await runSweeper(shop);
    expect(await shop.read.incident(incident)).toMatchObject({ state: 'closing', ending: 'cancelled' });
    pass(shop, 60);
    await runSweeper(shop);

    expect(await shop.read.incident(incident)).toMatchObject({ state: 'closed', ending: 'cancelled' });
  });

  it('close-incident tells nobody and puts no report for whoever took the closing over', async () => {
    const shop = await aBrokenShop();
    shop.measure.latency = () => 900;
    killAt(shop, 'execution', (operation) => operation === 'sns.Publish');
    const { cursor } = await runIncident(shop, alarmEvent(shop));
    const lease = await shop.read.lease('recommender');
    if (!cursor || !lease) throw new Error('it never came to the close');
    await shop.ports.ledger.write(takeoverWrites(lease, { owner: executionArn('second'), now: at(300) }));

    await expect(closeIncident(shop.ports, cursor)).rejects.toMatchObject({ name: 'FenceLost' });

    expect([shop.world.messages.length, shop.world.reports.size]).toEqual([0, 0]);
  });
});
