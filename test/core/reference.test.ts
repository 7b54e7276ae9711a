import { describe, expect, it } from '@jest/globals';
import { comparisonOf } from '../../lib/core/condition.ts';
import {
  missingReferences,
  referenceOf,
  referencesNeeded,
  referenceWindow,
  seriesText,
  withReferences,
} from '../../lib/core/reference.ts';
import type { Baseline } from '../../lib/core/release.ts';
import { watchedBy } from '../../lib/core/verdict.ts';
import { anArmedService, aPolicy, aService, aSignal, at } from '../builders.ts';

const relative = { percent: -3 };
const drops = { signal: 'auc', is: '<', relative, datapoints: 60, of: 60 } as const;
const above = { signal: 'auc', is: '>', relative, datapoints: 6, of: 6 } as const;
const over = { service: { policy: aPolicy({ when: [drops], verify: [above] }) } };
const auc = aSignal({ name: 'auc' });
const reference = { value: 0.8, series: seriesText(auc), datapoints: 90, from: at(-900), to: at(0) };
const baseline: Baseline = {
  id: 'b1',
  recordedAt: at(0),
  by: 'release',
  release: {},
  references: { auc: reference },
};
const window = { from: at(-900), to: at(0) };
const points = (...values: number[]) => values.map((value, i) => ({ at: at(i * 10), value }));

describe('the reference of a signal', () => {
  it('is asked for once, with the most datapoints that a condition on it counts', () => {
    expect(referencesNeeded(aService(over.service))).toEqual([{ signal: auc, datapoints: 60 }]);
    expect(referencesNeeded(aService())).toEqual([]);
  });

  it.each([
    [10, 6, 900],
    [60, 5, 900],
    [300, 3, 3600],
    [60, 30, 1800],
  ])('of periods of %d s and %d counted ones is taken from %d s', (periodSeconds, datapoints, seconds) => {
    const { from, to } = referenceWindow({ signal: aSignal({ periodSeconds }), datapoints }, at(7));

    expect(to - from).toBe(seconds * 1000);
    expect([from % (periodSeconds * 1000), to % (periodSeconds * 1000)]).toEqual([0, 0]);
  });

  it('F45: leaves out the period that may not be complete', () => {
    const { to } = referenceWindow({ signal: auc, datapoints: 6 }, at(4));

    expect(to).toBe(at(-10));
  });

  it('is the middle value: one outlier does not move it', () => {
    const needed = { signal: auc, datapoints: 3 };

    expect(referenceOf(needed, points(0.8, 0.1, 0.81), window)).toMatchObject({ value: 0.8, datapoints: 3 });
    expect(referenceOf(needed, points(0.8, 0.1, 0.9, 0.82), window)).toMatchObject({ value: 0.81 });
  });

  it('is none where there is too little data, or where per cent of it say nothing', () => {
    const needed = { signal: auc, datapoints: 3 };

    expect(referenceOf(needed, points(0.8, 0.8), window)).toMatch(
      /2 datapoints in 900 s.* counts 3: publish it/,
    );
    expect(referenceOf(needed, points(0, 0, 0), window)).toMatch(/is 0, .* fixed threshold/);
    expect(referenceOf(needed, points(-1, -1, -1), window)).toMatch(/is -1, .* fixed threshold/);
  });
});

describe('a service with its references', () => {
  it('has thresholds in its policy and its alarms, and says from where', () => {
    const { service, alarms } = withReferences(anArmedService(over), baseline);

    const known = { threshold: 0.776, relative: { percent: -3, reference: 0.8, baseline: 'b1' } };
    expect(service.policy).toMatchObject({ when: [known], verify: [known] });
    expect(alarms).toMatchObject([{ condition: known }]);
  });

  it('F52: keeps the references that it has', () => {
    const frozen = withReferences(anArmedService(over), baseline);
    const newer = { ...baseline, id: 'b2', references: { auc: { ...reference, value: 0.5 } } };

    expect(withReferences(frozen, newer)).toEqual(frozen);
  });

  it.each([
    ['no baseline', undefined, /^auc < 3 % below baseline, .* no baseline has a reference/],
    [
      'a baseline that is older than the condition',
      { ...baseline, references: {} },
      /baseline b1 has no reference/,
    ],
    [
      'a reference of another series',
      { ...baseline, references: { auc: { ...reference, series: 'Shop auc p50 10 s' } } },
      /npx reinstate baseline record recommender --env local$/,
    ],
  ])('cannot be judged by %s, and never passes', (_, given, words) => {
    const armed = withReferences(anArmedService(over), given);

    expect(missingReferences(armed, given)).toMatch(words);
    expect(() => watchedBy(armed, [])).toThrow('Cannot compare auc: its reference is not known');
    expect(() => comparisonOf(drops)).toThrow('its reference is not known');
  });

  it('is as it was where nothing is held against the baseline', () => {
    const armed = anArmedService();

    expect(withReferences(armed, baseline)).toBe(armed);
    expect(missingReferences(armed, undefined)).toBeUndefined();
  });
});
