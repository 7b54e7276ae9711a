import { describe, expect, it } from '@jest/globals';
import type { ClosingReport } from '../../lib/core/report.ts';
import { aCanaryReport } from '../report/canary.ts';
import { aReceipt, aReport, someFacts } from '../report/fixtures.ts';
import { nth, TRAFFIC } from './answers.ts';

const facts = someFacts();
const [first, last] = facts.verdicts;
if (!first || !last || !facts.plan) throw new Error('the fixture has a plan and two verdicts');

describe('0 % of the traffic goes to the bad version', () => {
  it('is proven by what every instance serves, and by counted requests', () => {
    expect(nth(aReport(), TRAFFIC)).toEqual([
      'proven',
      'alias:recommender@champion: all 3 instances serve "5"',
    ]);
    expect(nth(aCanaryReport(), TRAFFIC)).toEqual([
      'proven',
      'rollout:shop/ml/model-svc: 7c9d8b5f4d 100 %, 5d4f8b7c9d 0 % of 1490 requests in 30 s',
    ]);
  });

  it.each([
    [
      'what was read is bad',
      { good: false, values: ['6'], problem: 'champion serves "6"' },
      'champion serves "6"',
    ],
    ['nothing was read', { values: [] }, 'nothing could be read, expected "5"'],
  ])('is not proven where %s', (_, over, why) => {
    const served = last.served.map((reading) => ({ ...reading, ...over }));

    expect(nth(aReport({ verdicts: [first, { ...last, served }] }), TRAFFIC)).toEqual([
      'not-proven',
      expect.stringContaining(why),
    ]);
  });

  it('is not proven where a lever moved a target that nobody read', () => {
    expect(nth(aReport({ verdicts: [first] }), TRAFFIC)).toEqual([
      'not-proven',
      'What is served was not read of alias:recommender@champion',
    ]);
  });

  it('is not proven where a bad version was left, though the signals are well without it', () => {
    const report = aReport({ verdicts: [first], receipts: facts.receipts.slice(0, 1) });

    expect(nth(report, TRAFFIC)).toEqual([
      'not-proven',
      'alias:recommender@champion still held "6", the baseline has "5"',
    ]);
  });

  const canary = aCanaryReport();
  const [rollout] = canary.plan?.rungs[0]?.steps ?? [];
  if (!canary.plan || !rollout) throw new Error('the fixture has a canary');
  const differing = (...targets: string[]): ClosingReport => ({
    ...canary,
    plan: {
      ...(canary.plan as NonNullable<ClosingReport['plan']>),
      differences: targets.map((target) => ({ target, now: { value: '6' }, baseline: { value: '5' } })),
    },
  });

  it.each([
    ['another Rollout', 'rollout:shop/ml/ranker'],
    ['a Rollout of that name in another namespace', 'rollout:shop/eu/model-svc'],
  ])('is not proven where %s was left, though the one that was moved is well', (_, target) => {
    expect(nth(differing(rollout.target, target), TRAFFIC)).toEqual([
      'not-proven',
      `${target} still held "6", the baseline has "5"`,
    ]);
  });

  it('is proven where only the chart still names the bad version: users get what was rolled out', () => {
    expect(nth(differing(rollout.target, 'helm:shop/ml/model-svc'), TRAFFIC)[0]).toBe('proven');
  });

  it.each(['failed', 'conflict', 'withheld'] as const)(
    'is not proven where the lever for one of two targets %s',
    (outcome) => {
      const target = 'helm:shop/ml/model-svc';
      const report = differing(rollout.target, target);
      const tried = { ...aReceipt(rollout, [60, 61]), target, outcome };

      expect(nth({ ...report, receipts: [...report.receipts, tried] }, TRAFFIC)).toEqual([
        'not-proven',
        expect.stringContaining(target),
      ]);
    },
  );

  it('F20: is not proven where nobody could see what a target held', () => {
    const plan = { ...(canary.plan as NonNullable<ClosingReport['plan']>) };
    const unseen = ['flag:/shop/new-features', 'deployment:shop/ml/ranker'];

    expect(nth({ ...canary, plan: { ...plan, unseen: unseen.slice(0, 1) } }, TRAFFIC)[0]).toBe('proven');
    expect(nth({ ...canary, plan: { ...plan, unseen } }, TRAFFIC)).toEqual([
      'not-proven',
      'What deployment:shop/ml/ranker held could not be read, and no step moved it',
    ]);
  });

  it('is not applicable where nothing but flags differed and were moved', () => {
    const plan = { ...facts.plan, differences: facts.plan?.differences.slice(0, 1) };
    const report = aReport({
      plan: plan as NonNullable<ClosingReport['plan']>,
      verdicts: [first],
      receipts: facts.receipts.slice(0, 1),
    });

    expect(nth(report, TRAFFIC)[0]).toBe('not-applicable');
  });
});
