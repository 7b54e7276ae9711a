import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { beforeThe } from '../incident-run.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, outside } from './shop.ts';

const slow = new OutsideTrouble('Cannot reload: no answer within 10 s');

describe('F22: apply-step, and an act that failed but had its effect', () => {
  it('the alias moved and the reload took too long: it took effect, is settled and verified', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('service.Reload', slow, { times: 9, when: 'lost' });

    const { receipts, incident } = await endOf(shop);

    expect(receipts['2.1']).toMatchObject({ outcome: 'applied', after: { value: '3' }, note: slow.message });
    expect(receipts['2.1.s1']?.outcome).toBe('applied');
    expect(incident?.ending).toBe('recovered');
  });

  it('the read-back failed, and the look after it did not: it took effect', async () => {
    const shop = await aBrokenShop();
    const { trouble } = shop.world;
    trouble.interleave('mlflow.SetAlias', () => trouble.failNext('mlflow.GetAlias', slow));

    const { receipts } = await endOf(shop);

    expect(receipts['2.1']).toMatchObject({ outcome: 'applied', after: { value: '3' } });
    expect(outside(shop).aliases.rolled_back).toBe('4');
  });

  it('the reload never came: the rung is judged by what users see, and it is not recovered', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('service.Reload', slow, { times: 9 });

    const { receipts, verdicts, incident } = await endOf(shop);

    expect(receipts['2.1']).toMatchObject({ outcome: 'applied', note: slow.message });
    expect(verdicts[1]).toMatchObject({
      verdict: 'not-recovered',
      served: [{ good: true }, { good: false }],
    });
    expect(verdicts[1]?.signals.find((s) => s.signal === 'auc')?.verdict).toBe('not-recovered');
    expect(incident?.ending).toBe('escalated');
  });

  it('I6: signals that look well do not hide that the old version is still served', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('service.Reload', slow, { times: 9 });

    const { verdicts } = await endOf(
      shop,
      beforeThe(2, 'SettleRung', () => {
        shop.measure.auc = () => 0.8;
      }),
    );

    expect(verdicts[1]).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['alias:recommender@champion serves 4, 4'],
    });
  });

  it('what failed for good is recorded with what stands there', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.failNext('mlflow.SetAlias', slow, { times: 9 });

    const { receipts } = await endOf(shop);

    expect(receipts['2.1']).toMatchObject({ outcome: 'failed', after: { value: '4' }, note: slow.message });
  });

  it('where nobody can look afterwards the failure of the act is the receipt', async () => {
    const shop = await aBrokenShop();
    const { trouble } = shop.world;
    const down = new OutsideTrouble('MLflow is down');
    trouble.interleave('mlflow.SetAlias', () => {
      trouble.failNext('mlflow.GetAlias', down, { times: 9 });
    });
    trouble.failNext('mlflow.SetAlias', slow);

    const { receipts } = await endOf(shop);

    expect(receipts['2.1']).toMatchObject({ outcome: 'failed', note: down.message, before: { value: '4' } });
    expect(receipts['2.1']).not.toHaveProperty('after');
  });

  it('F13: it does not look once too little time is left to write the receipt', async () => {
    const shop = await aBrokenShop();
    shop.world.trouble.interleave('mlflow.SetAlias', () => shop.world.clock.advance(15_500));
    shop.world.trouble.failNext('mlflow.SetAlias', slow, { when: 'lost' });

    const { receipts } = await endOf(shop);

    expect(receipts['2.1']).toMatchObject({ outcome: 'failed', note: slow.message });
    expect(receipts['2.1']).not.toHaveProperty('after');
  });
});
