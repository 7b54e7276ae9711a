import { describe, expect, it } from '@jest/globals';
import { switchOf } from '../../lib/core/step.ts';
import { aReceipt, aStep, at } from '../builders.ts';

const applied = aReceipt(aStep('1.1'), { endedAt: at(10), cacheSeconds: 5 });
const settled = (target: string) =>
  aReceipt(aStep('1.1'), { phase: 'settle', target, endedAt: at(40), cacheSeconds: 0 });

describe('the switch of a rung', () => {
  it('is when its last receipt took effect, and its readers have let the old value go', () => {
    expect(switchOf([applied, aReceipt(aStep('1.1'), { endedAt: at(12), cacheSeconds: 0 })])).toBe(at(15));
  });

  it('is not moved by what settles a step: nobody is served by that', () => {
    expect(switchOf([applied, settled('alias:recommender@rolled_back')])).toBe(at(15));
    expect(switchOf([applied, settled('rollout-spec:shop/ml/model-svc')])).toBe(at(15));
  });

  it('F30: is moved by the promotion of the Rollout that Helm has put back: users get the good one from then on', () => {
    expect(switchOf([applied, settled('rollout:shop/ml/model-svc')])).toBe(at(40));
  });

  it('is none where no step took effect, whatever was settled', () => {
    expect(
      switchOf([{ ...applied, outcome: 'failed' }, settled('rollout:shop/ml/model-svc')]),
    ).toBeUndefined();
  });
});
