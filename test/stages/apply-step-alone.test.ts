import { describe, expect, it } from '@jest/globals';
import { OutsideRefusal, OutsideTrouble } from '../../lib/core/errors.ts';
import { closingWrites } from '../../lib/core/lease.ts';
import { applyStep } from '../../lib/stages/apply-step.ts';
import { at } from '../builders.ts';
import { stopBeforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, outside } from './shop.ts';

const lost = new OutsideTrouble('the answer was lost');

/** A shop whose incident is about to apply its first rung, and the function that would. */
async function aboutToApply() {
  const shop = await aBrokenShop();
  const { id } = await endOf(shop, stopBeforeThe(1, 'ApplyRung', 'running'));
  const { clock } = shop.world;
  const pull = (step = '1.1', remainingMs = () => 20_000) =>
    applyStep(
      shop.ports,
      { incident: id, service: 'recommender', fence: 1, rung: 1, step: { id: step } },
      { remainingMs },
    );
  const puts = () => shop.world.trouble.calls.get('ssm.PutParameter') ?? 0;
  return { shop, id, clock, pull, puts };
}

describe('apply-step called twice', () => {
  it('answers from its receipt, and looks at nothing', async () => {
    const { shop, pull } = await aboutToApply();
    const first = await pull();
    const before = shop.world.trouble.calls.get('ssm.GetParameter');

    expect(await pull()).toEqual(first);

    expect(first).toEqual({ step: '1.1', outcome: 'applied' });
    expect(shop.world.trouble.calls.get('ssm.GetParameter')).toBe(before);
  });

  it('I4: waits until its earlier attempt can write no more, and then finds it done', async () => {
    const { shop, id, clock, pull, puts } = await aboutToApply();
    shop.world.trouble.interleave('ssm.PutParameter', () => {
      shop.world.trouble.failNext('dynamodb.TransactWriteItems', lost);
    });
    await expect(pull()).rejects.toMatchObject({ name: 'OutsideTrouble' });

    await expect(pull()).rejects.toMatchObject({ name: 'StepStillRunning', retryAt: clock.now() + 25_000 });
    clock.advance(25_000);

    expect(await pull()).toEqual({ step: '1.1', outcome: 'already' });
    expect(puts()).toBe(1);
    expect(await shop.read.receipt(id, '1.1')).toMatchObject({ before: { value: 'true' } });
  });
});

describe('apply-step tries its act again', () => {
  it('not when the target refused for good', async () => {
    const { shop, pull, puts } = await aboutToApply();
    shop.world.trouble.failNext('ssm.PutParameter', new OutsideRefusal('AccessDenied'), { times: 9 });

    expect((await pull()).outcome).toBe('failed');
    expect(puts()).toBe(1);
  });

  it('not when more than half of its time is gone', async () => {
    const { shop, pull, puts } = await aboutToApply();
    shop.world.trouble.failNext('ssm.PutParameter', lost, { times: 9 });
    const left = [20_000, 20_000, 9999];

    expect((await pull('1.1', () => left.shift() ?? 0)).outcome).toBe('failed');
    expect(puts()).toBe(1);
  });

  it('once, when there was trouble on the way', async () => {
    const { shop, pull, puts } = await aboutToApply();
    shop.world.trouble.failNext('ssm.PutParameter', lost, { times: 9 });

    expect((await pull()).outcome).toBe('failed');
    expect(puts()).toBe(2);
  });
});

describe('apply-step begins nothing', () => {
  it('F57: at the deadline', async () => {
    const { shop, id, clock, pull } = await aboutToApply();
    clock.advance(((await shop.read.incident(id))?.deadlineAt ?? 0) - clock.now());

    expect(await pull()).toEqual({ step: '1.1', outcome: 'not-begun' });
    expect(outside(shop).flag).toEqual(['false', 'true']);
  });

  it('for an incident that is closing already', async () => {
    const { shop, id, pull } = await aboutToApply();
    const lease = { service: 'recommender', fence: 1, incident: id };
    await shop.ports.ledger.write(closingWrites(lease, { ending: 'escalated', reasons: [], alarms: 1 }));

    await expect(pull()).rejects.toMatchObject({ name: 'FenceLost' });
    expect(outside(shop).flag).toEqual(['false', 'true']);
  });

  it('F13: after it slept through its time, and leaves no receipt that would keep the next one from it', async () => {
    const { shop, id, clock, pull } = await aboutToApply();
    shop.world.trouble.interleave('dynamodb.TransactWriteItems', () => clock.advance(20_000));

    await expect(pull()).rejects.toMatchObject({ name: 'StepStillRunning' });

    expect(outside(shop).flag).toEqual(['false', 'true']);
    expect(await shop.read.receipt(id, '1.1')).toBeUndefined();
  });

  it('without a plan that knows the step', async () => {
    const { pull } = await aboutToApply();

    await expect(pull('7.7')).rejects.toThrow(
      /^Cannot go on: step 7\.7 of recommender-.+ is not in the table$/,
    );
  });
});

describe('a receipt', () => {
  it('names the lever for a step, and the target for what settles it', async () => {
    const shop = await aBrokenShop();

    const { receipts } = await endOf(shop);

    expect(['1.1', '2.1', '2.1.s1'].map((id) => receipts[id]?.name)).toEqual([
      'new-features',
      'champion',
      'alias:recommender@rolled_back',
    ]);
    expect(receipts['1.1']).toMatchObject({ startedAt: at(0), cacheSeconds: 5, fence: 1, lever: 'flag' });
  });
});
