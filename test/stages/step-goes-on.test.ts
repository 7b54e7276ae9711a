import { describe, expect, it } from '@jest/globals';
import { StepStillRunning } from '../../lib/core/errors.ts';
import { applyStep } from '../../lib/stages/apply-step.ts';
import { stopBeforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, outside } from './shop.ts';

/** A shop about to apply its first step, whose target takes the order up and needs longer than the function has. */
async function aboutToBeSlow(looks: number) {
  const shop = await aBrokenShop();
  const { id } = await endOf(shop, stopBeforeThe(1, 'ApplyRung', 'running'));
  const goesOn = new StepStillRunning('its controller has begun it', 0);
  shop.world.trouble.failNext('ssm.PutParameter', goesOn, { times: looks });
  const input = { incident: id, service: 'recommender', fence: 1, rung: 1, step: { id: '1.1' } };
  const pull = () => applyStep(shop.ports, input, { remainingMs: () => 20_000 });
  return { shop, id, pull, receipt: () => shop.read.receipt(id, '1.1') };
}

describe('F22: a target that has begun to follow and needs longer than the function has', () => {
  it('is asked again by the state, at once: this attempt writes no more', async () => {
    const { shop, pull, receipt } = await aboutToBeSlow(2);

    await expect(pull()).rejects.toMatchObject({ name: 'StepStillRunning' });
    expect(await receipt()).toBeUndefined();
    shop.world.clock.advance(5000);
    await expect(pull()).rejects.toThrow('its controller has begun it');
    shop.world.clock.advance(5000);

    expect(await pull()).toEqual({ step: '1.1', outcome: 'applied' });
    expect(outside(shop).flag[0]).toBe('false');
    expect(await receipt()).toMatchObject({ before: { value: 'true' } });
  });

  it('has failed after a minute, and the receipt tells how it stood', async () => {
    const { shop, pull, receipt } = await aboutToBeSlow(99);
    await expect(pull()).rejects.toMatchObject({ name: 'StepStillRunning' });
    shop.world.clock.advance(59_000);
    await expect(pull()).rejects.toMatchObject({ name: 'StepStillRunning' });
    shop.world.clock.advance(1000);

    expect(await pull()).toEqual({ step: '1.1', outcome: 'failed' });
    expect(await receipt()).toMatchObject({ note: 'its controller has begun it', before: { value: 'true' } });
  });

  it('is still waited for by whoever finds the attempt of somebody else', async () => {
    const { shop, id, pull } = await aboutToBeSlow(1);
    const until = shop.world.clock.now() + 90_000;
    shop.world.trouble.interleave('ssm.PutParameter', async () => {
      const key = { pk: `incident#${id}`, sk: 'attempt#1.1' };
      const item = { step: '1.1', fence: 1, actUntil: until, before: { value: 'true' } };
      await shop.ports.ledger.write([{ kind: 'put', key, item }]);
    });

    await expect(pull()).rejects.toMatchObject({ name: 'StepStillRunning' });

    expect(await shop.read.attempt(id, '1.1')).toMatchObject({ actUntil: until });
  });
});
