import { describe, expect, it } from '@jest/globals';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { CHAMPION, FLAG } from '../builders.ts';
import { beforeThe } from '../incident-run.ts';
import { looks, onlyTheChampionIsBad } from './champion-shop.ts';
import { endOf } from './outcome.ts';
import { aBrokenShop, outside, PARAMETER, pages, pass, SERVED } from './shop.ts';

const down = new OutsideTrouble('CloudWatch does not answer');
describe('verify-recovery climbs', () => {
  it('only after not-recovered: an unsure rung calls people instead of pulling more', async () => {
    const shop = await aBrokenShop();
    shop.measure.auc = () => (outside(shop).flag.at(-1) === 'false' ? undefined : 0.6);

    const { receipts, verdicts, incident } = await endOf(shop);

    expect(verdicts.map((v) => v.verdict)).toEqual(['inconclusive']);
    expect(verdicts[0]?.reasons).toEqual(['auc: 0 of 6 healthy datapoints']);
    expect(receipts).not.toHaveProperty(['2.1']);
    expect(incident).toMatchObject({ state: 'ended', ending: 'escalated' });
    expect(pages(shop)).toHaveLength(1);
  });

  it('to the end of the ladder, and calls people when that is not enough', async () => {
    const shop = await aBrokenShop();
    shop.measure.latency = () => 900;

    const { verdicts, incident } = await endOf(shop);

    expect(verdicts.map((v) => [v.rung, v.verdict])).toEqual([
      [1, 'not-recovered'],
      [2, 'not-recovered'],
    ]);
    expect(incident).toMatchObject({ state: 'ended', ending: 'contained' });
    expect(pages(shop)).toHaveLength(1);
  });

  it('F57: not after the deadline; what was done is settled, and the rest is not begun', async () => {
    const shop = await aBrokenShop();

    const { receipts, incident } = await endOf(
      shop,
      beforeThe(2, 'ApplyRung', () => pass(shop, 480)),
    );

    expect(receipts['2.1']).toMatchObject({ outcome: 'not-begun', note: 'the deadline was reached' });
    expect(incident?.ending).toBe('escalated');
    expect(pages(shop)).toMatchObject([{ text: expect.stringMatching(/by hand:\n {2}curl/) }]);
  });

  it('F57: a settle step that waits at the deadline still runs', async () => {
    const shop = await aBrokenShop();

    const { receipts } = await endOf(
      shop,
      beforeThe(2, 'SettleRung', () => pass(shop, 480)),
    );

    expect(receipts['2.1.s1']?.outcome).toBe('applied');
    expect(outside(shop).aliases.rolled_back).toBe('4');
  });
});

describe('I6: verify-recovery is never satisfied by less than proof', () => {
  it('F44: no data at all is inconclusive', async () => {
    const shop = await onlyTheChampionIsBad();

    const { verdicts, incident } = await endOf(
      shop,
      beforeThe(1, 'SettleRung', () => {
        for (const signal of ['latency', 'error-ratio', 'auc'] as const)
          shop.measure[signal] = () => undefined;
      }),
    );

    expect(verdicts.map((v) => v.verdict)).toEqual(['inconclusive']);
    expect(incident?.ending).toBe('contained');
    expect(pages(shop)).toHaveLength(1);
  });

  it('F47: CloudWatch down is a bounded wait, and a page', async () => {
    const shop = await onlyTheChampionIsBad();

    const { verdicts, incident, run } = await endOf(
      shop,
      beforeThe(1, 'SettleRung', () =>
        shop.world.trouble.failNext('cloudwatch.GetMetricData', down, { times: 999 }),
      ),
    );

    expect(verdicts[0]?.reasons[0]).toMatch(/it cannot be read: CloudWatch does not answer/);
    expect(incident?.ending).toBe('contained');
    expect(looks(run.states)).toBeLessThan(20);
    expect(pages(shop)).toHaveLength(1);
  });

  it('F47: CloudWatch back in time is enough', async () => {
    const shop = await onlyTheChampionIsBad();

    const { incident } = await endOf(
      shop,
      beforeThe(1, 'WaitForDatapoints', () =>
        shop.world.trouble.failNext('cloudwatch.GetMetricData', down, { times: 3 }),
      ),
    );

    expect(incident?.ending).toBe('recovered');
  });

  it('F31: well signals do not hide an instance that serves the bad version', async () => {
    const shop = await onlyTheChampionIsBad();
    shop.measure['error-ratio'] = () => 0;
    shop.measure.auc = () => 0.8;

    const { verdicts, incident } = await endOf(shop, {
      ...beforeThe(1, 'SettleRung', () => shop.world.serving.set(SERVED, ['3', '4'])),
      input: { service: 'recommender' },
    });

    expect(verdicts).toMatchObject([
      {
        verdict: 'inconclusive',
        served: [{ target: CHAMPION, expected: '3', values: ['3', '4'], good: false }],
      },
    ]);
    expect(incident?.ending).toBe('escalated');
  });

  it('a flag that its readers do not follow is seen, also rungs later', async () => {
    const shop = await aBrokenShop();
    shop.world.stuckReaders.set(PARAMETER, ['true']);

    const { verdicts } = await endOf(
      shop,
      beforeThe(2, 'ApplyRung', () => {
        shop.measure['error-ratio'] = () => 0;
      }),
    );

    expect(verdicts.map((v) => v.verdict)).toEqual(['not-recovered', 'inconclusive']);
    expect(verdicts[1]?.served.map((s) => [s.target, s.good])).toEqual([
      [FLAG, false],
      [CHAMPION, true],
    ]);
  });

  it('a service that does not answer proves nothing', async () => {
    const shop = await onlyTheChampionIsBad();

    const { verdicts } = await endOf(
      shop,
      beforeThe(1, 'SettleRung', () => shop.world.trouble.failNext('service.Served', down, { times: 99 })),
    );

    expect(verdicts[0]).toMatchObject({
      verdict: 'inconclusive',
      reasons: [`${CHAMPION}: CloudWatch does not answer`],
    });
  });

  it('an alarm that cannot be read is waited for', async () => {
    const shop = await onlyTheChampionIsBad();

    const { incident, run } = await endOf(
      shop,
      beforeThe(2, 'VerifyRecovery', () =>
        shop.world.trouble.failNext('cloudwatch.DescribeAlarms', down, { times: 2 }),
      ),
    );

    expect(incident?.ending).toBe('recovered');
    expect(looks(run.states)).toBe(4);
  });
});
