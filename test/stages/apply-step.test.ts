import { describe, expect, it } from '@jest/globals';
import { moveAlias, putParameter } from '../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { aPolicy } from '../builders.ts';
import { beforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, outside, PARAMETER, pages, SERVED } from './shop.ts';

const lost = new OutsideTrouble('Cannot write: the answer was lost');

describe('apply-step: an answer is lost on the way', () => {
  it('F17: the flag gets one version, and the step is applied', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('ssm.PutParameter', lost, { when: 'lost' });

    const { receipts, incident } = await endOf(shop);

    expect(receipts['1.1']).toMatchObject({ outcome: 'applied', before: { value: 'true' } });
    expect(outside(shop).flag).toEqual(['false', 'true', 'false']);
    expect(incident?.ending).toBe('recovered');
  });

  it('F22: the alias is read back, does not flip-flop, and serving still hears of it', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('mlflow.SetAlias', lost, { when: 'lost' });

    const { receipts, incident } = await endOf(shop);

    expect(receipts['2.1']).toMatchObject({
      outcome: 'applied',
      before: { value: '4' },
      after: { value: '3' },
    });
    expect(outside(shop)).toMatchObject({ aliases: { champion: '3' }, serving: ['3', '3'] });
    expect(incident?.ending).toBe('recovered');
  });

  it('F16: the receipt is there once, and the step is not done again', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.interleave('ssm.PutParameter', () => {
      shop.world.trouble.failNext('dynamodb.TransactWriteItems', lost, { when: 'lost' });
    });

    const { receipts } = await endOf(shop);

    expect(receipts['1.1']?.outcome).toBe('applied');
    expect(shop.world.trouble.calls.get('ssm.PutParameter')).toBe(1);
  });

  it('trouble with the table is no failed step: it is tried again', async () => {
    const shop = await aBrokenShop();
    const options = beforeThe(1, 'ApplyRung', () => {
      shop.world.trouble.failNext('dynamodb.TransactWriteItems', lost, { times: 2 });
    });

    expect((await endOf(shop, options)).receipts['1.1']?.outcome).toBe('applied');
  });
});

describe('apply-step: a lever that fails', () => {
  it('F21: is a failed receipt, and the next rung is the fallback', async () => {
    const service = { policy: aPolicy({ do: [...aPolicy().do].reverse() }) };
    const shop = await aBrokenShop({ service });
    shop.world.trouble.failNext('mlflow.SetAlias', new OutsideTrouble('MLflow answered 502'), { times: 9 });

    const { receipts, verdicts, incident } = await endOf(shop);

    expect(receipts['1.1']).toMatchObject({
      outcome: 'failed',
      note: 'MLflow answered 502',
      before: { value: '4' },
    });
    expect(verdicts[0]).toMatchObject({
      verdict: 'not-recovered',
      reasons: ['no step of this rung took effect'],
    });
    expect(receipts['2.1']?.outcome).toBe('applied');
    expect(incident).toMatchObject({ state: 'ended', ending: 'escalated' });
    expect(pages(shop)).toHaveLength(1);
  });

  it('F20: SSM takes no write: the flag is a failed receipt, and the alias goes back all the same', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('ssm.PutParameter', new OutsideTrouble('SSM throttles'), { times: 9 });

    const { receipts, incident } = await endOf(shop);

    expect([receipts['1.1']?.outcome, receipts['2.1']?.outcome]).toEqual(['failed', 'applied']);
    expect(incident?.ending).toBe('escalated');
    expect(pages(shop)).toMatchObject([
      { text: expect.stringMatching(/by hand:\n {2}aws ssm put-parameter/) },
    ]);
  });

  it('keeps its neighbour going: steps of a rung stand side by side', async () => {
    const service = { policy: aPolicy({ do: [aPolicy().do.flat()] }) };
    const shop = await aBrokenShop({ service });
    shop.world.trouble.failNext('ssm.PutParameter', new OutsideTrouble('throttled'), { times: 9 });

    const { receipts } = await endOf(shop);

    expect([receipts['1.1']?.outcome, receipts['1.2']?.outcome]).toEqual(['failed', 'applied']);
  });

  it('F23: does not put a version that vanished since the plan', async () => {
    const shop = await aBrokenShop();
    const versions = shop.world.models.get('recommender')?.versions;

    const { receipts, incident } = await endOf(
      shop,
      beforeThe(2, 'ApplyRung', () => versions?.delete('3')),
    );

    expect(receipts['2.1']).toMatchObject({ outcome: 'failed', note: 'version "3" is missing' });
    expect(outside(shop).aliases.champion).toBe('4');
    expect(incident?.ending).toBe('escalated');
  });

  it('I3: does not put a version whose artifact was changed since the baseline', async () => {
    const shop = await aBrokenShop();
    const version = shop.world.models.get('recommender')?.versions.get('3');

    const { receipts } = await endOf(
      shop,
      beforeThe(2, 'ApplyRung', () => {
        if (version) version.content = 'other weights';
      }),
    );

    expect(receipts['2.1']).toMatchObject({
      outcome: 'failed',
      note: expect.stringMatching(/its digest differs$/),
    });
    expect(outside(shop).aliases.champion).toBe('4');
  });

  it('settles nothing of a step that had no effect', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('mlflow.SetAlias', new OutsideTrouble('MLflow answered 502'), { times: 9 });

    const { receipts } = await endOf(shop);

    expect(receipts['2.1.s1']).toMatchObject({ outcome: 'not-begun', note: 'its step did not take effect' });
    expect(outside(shop).aliases).toEqual({ champion: '4' });
  });

  it('a settle step that fails does not stick: recovered, and a page with the command', async () => {
    const shop = await aBrokenShop();
    const options = beforeThe(2, 'SettleRung', () => {
      shop.world.trouble.failNext('mlflow.SetAlias', new OutsideTrouble('MLflow answered 502'), { times: 2 });
    });

    const { receipts, incident } = await endOf(shop, options);

    expect(receipts['2.1.s1']?.outcome).toBe('failed');
    expect(incident?.ending).toBe('recovered');
    expect(pages(shop)).toMatchObject([{ text: expect.stringMatching(/Not done; by hand:\n.*rolled_back/) }]);
  });
});

describe('F19: apply-step and a person at the same lever', () => {
  it('leaves a value alone that was moved since the plan, and goes on with the next rung', async () => {
    const shop = await aBrokenShop();

    const { receipts } = await endOf(
      shop,
      beforeThe(1, 'ApplyRung', () => putParameter(shop.world, PARAMETER, 'beta')),
    );

    expect(receipts['1.1']).toMatchObject({
      outcome: 'conflict',
      note: 'somebody else moved it: expected "true" or "false", found "beta"',
    });
    expect(outside(shop)).toMatchObject({ flag: ['false', 'true', 'beta'], aliases: { champion: '3' } });
  });

  it('tells of a write between its look and its write', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.interleave('ssm.PutParameter', () => void putParameter(shop.world, PARAMETER, 'beta'));

    const { receipts } = await endOf(shop);

    expect(receipts['1.1']).toMatchObject({
      outcome: 'applied',
      note: expect.stringMatching(/^operator set flag .+; it was overwritten$/),
    });
  });

  it('is a conflict, and no failure, where somebody moved the alias back right after', async () => {
    const shop = await aBrokenShop();
    let watching = false;
    shop.world.trouble.interleave('mlflow.SetAlias', () => {
      watching = true;
    });
    shop.world.trouble.onCall = (operation) => {
      if (!watching || operation !== 'mlflow.GetAlias') return;
      watching = false;
      moveAlias(shop.world, SERVED, '4');
    };

    const { receipts } = await endOf(shop);

    expect(receipts['2.1']).toMatchObject({
      outcome: 'conflict',
      note: expect.stringMatching(/right after us$/),
    });
  });

  it('does nothing where a person was quicker with the same', async () => {
    const shop = await aBrokenShop();

    const { receipts, incident } = await endOf(
      shop,
      beforeThe(1, 'ApplyRung', () => putParameter(shop.world, PARAMETER, 'false')),
    );

    expect(receipts['1.1']?.outcome).toBe('already');
    expect(outside(shop).flag).toEqual(['false', 'true', 'false']);
    expect(incident?.ending).toBe('recovered');
  });
});
