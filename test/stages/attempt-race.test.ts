import { describe, expect, it } from '@jest/globals';
import { keys } from '../../lib/core/keys.ts';
import { applyStep } from '../../lib/stages/apply-step.ts';
import { runIncident, stopBeforeThe } from '../incident-run.ts';
import { aBrokenShop, alarmEvent, outside, type Shop } from './shop.ts';

const worker = { remainingMs: () => 20_000 };

/** An incident whose first rung is about to be applied. */
async function aboutToApply(): Promise<{ shop: Shop; incident: string; pull: () => Promise<unknown> }> {
  const shop = await aBrokenShop();
  const { cursor } = await runIncident(shop, alarmEvent(shop), stopBeforeThe(1, 'ApplyRung', 'running'));
  const incident = cursor?.incident ?? '';
  const input = { incident, service: 'recommender', fence: 1, rung: 1, step: { id: '1.1' } };
  return { shop, incident, pull: () => applyStep(shop.ports, input, worker) };
}

describe('I4: two invocations of one step under one fence', () => {
  it('one acts; the other one, which had seen no attempt either, waits', async () => {
    const { shop, pull } = await aboutToApply();

    const results = await Promise.allSettled([pull(), pull()]);

    expect(results).toMatchObject([
      { status: 'fulfilled', value: { outcome: 'applied' } },
      { status: 'rejected', reason: { name: 'StepStillRunning' } },
    ]);
    expect(shop.world.trouble.calls.get('ssm.PutParameter')).toBe(1);
  });

  it('F13: who announces late does not shorten the time of the one that works', async () => {
    const { shop, incident, pull } = await aboutToApply();
    const { clock, trouble } = shop.world;
    const key = keys.attempt(incident, '1.1');
    const other = { step: '1.1', actUntil: clock.now() + 90_000, fence: 1, before: { value: 'true' } };
    trouble.interleave('dynamodb.TransactWriteItems', async () => {
      await shop.ports.ledger.write([{ kind: 'put', key, item: other }]);
    });

    await expect(pull()).rejects.toMatchObject({ name: 'StepStillRunning' });

    expect(await shop.read.attempt(incident, '1.1')).toMatchObject(other);
    expect(outside(shop).flag).toEqual(['false', 'true']);
  });

  it('an incident that ended meanwhile is no rival: the step is fenced off', async () => {
    const { shop, incident, pull } = await aboutToApply();
    shop.world.trouble.interleave('dynamodb.TransactWriteItems', async () => {
      const when = { state: ['running'] };
      await shop.ports.ledger.write([
        { kind: 'update', key: keys.incident(incident), set: { state: 'closing' }, when },
      ]);
    });

    await expect(pull()).rejects.toMatchObject({ name: 'FenceLost' });
  });
});
