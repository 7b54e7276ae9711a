import { describe, expect, it } from '@jest/globals';
import {
  boundedWorkload,
  doubtAboutWeights,
  isGivenAll,
  type PodSet,
  percentText,
  weightsText,
} from '../../lib/core/workload.ts';

const aSet = (revision: number, over: Partial<PodSet> = {}): PodSet => ({
  hash: `h${revision}`,
  revision: String(revision),
  ready: 0,
  pods: 0,
  image: `v${revision}`,
  ...over,
});
const ten = Array.from({ length: 10 }, (_, n) => aSet(n + 1));

describe('what is kept of a workload', () => {
  it('is every ReplicaSet that has a role, pods or weight, the newest first; the others are counted', () => {
    const sets = ten.map((set, n) =>
      n === 0 ? { ...set, role: 'stable' as const } : n === 1 ? { ...set, pods: 1 } : set,
    );

    const { sets: kept, more } = boundedWorkload({ sets, weights: { h3: 10, h4: 0 } });

    expect(kept.map(({ hash }) => hash)).toEqual(['h3', 'h2', 'h1']);
    expect(more).toBe(7);
  });

  it('is the wanted one too, which may have nothing yet', () => {
    expect(boundedWorkload({ sets: ten }, 'h4')).toEqual({ sets: [aSet(10), aSet(9), aSet(4)], more: 7 });
    expect(boundedWorkload({ sets: [aSet(4)] }, 'h4')).toEqual({ sets: [aSet(4)] });
  });

  it('is the newest of the others where that is less than three: a bad one that was settled is looked for', () => {
    const sets = [aSet(1), aSet(2), aSet(3, { role: 'stable' })];

    expect(boundedWorkload({ sets, weights: { h3: 100 } }).sets.map(({ hash }) => hash)).toEqual([
      'h3',
      'h2',
      'h1',
    ]);
  });

  it('is six at most: before any other those with a role, and the wanted one', () => {
    const peopled = ten.map((set) => ({ ...set, pods: 1 }));
    const sets = [{ ...aSet(0), role: 'stable' as const }, ...peopled];

    const { sets: kept, more } = boundedWorkload({ sets }, 'h1');

    expect(kept.map(({ hash }) => hash)).toEqual(['h10', 'h9', 'h8', 'h7', 'h1', 'h0']);
    expect(more).toBe(5);
  });

  it('F59: is small enough for an item, whatever it is called', () => {
    expect(
      JSON.stringify(boundedWorkload({ sets: ten.map((set) => ({ ...set, pods: 1 })) })).length,
    ).toBeLessThan(1024);
  });
});

describe('weights', () => {
  it.each([
    [{ good: 100, bad: 0 }, true],
    [{ good: 100 }, true],
    [{ good: 99, bad: 1 }, false],
    [{ good: 100, other: 0.01 }, false],
  ])('%j give everything to the good one: %s', (weights, all) => {
    expect(isGivenAll({ sets: [], weights }, 'good')).toBe(all);
    expect(doubtAboutWeights({ sets: [], weights }, 'good', undefined) === undefined).toBe(all);
  });

  it('that nobody told are no doubt, and give nothing', () => {
    expect(isGivenAll({ sets: [] }, 'good')).toBe(false);
    expect(doubtAboutWeights({ sets: [] }, 'good', undefined)).toBeUndefined();
  });

  it('are named beside requests that did not follow them', () => {
    const told = { sets: [], weights: { good: 50, bad: 30, worse: 20 } };
    const seen = (requests: Record<string, number>) => ({ windowSeconds: 30, requests });
    const given = 'the router is told to give 30 % to "bad" and 20 % to "worse"';

    expect(doubtAboutWeights(told, 'good', seen({ good: 9 }))).toBe(
      `${given}, though none of its requests were seen in 30 s`,
    );
    expect(doubtAboutWeights(told, 'good', seen({ good: 9, worse: 1 }))).toBe(given);
  });

  it('are never shown as 0 % where they are something', () => {
    expect([0, 0.04, 0.1, 12.54, 100].map(percentText)).toEqual([
      '0 %',
      '< 0.1 %',
      '0.1 %',
      '12.5 %',
      '100 %',
    ]);
    expect(weightsText({ bad: 0, good: 100 })).toBe('good 100 %, bad 0 %');
  });
});
