import { describe, expect, it } from '@jest/globals';
import {
  completeAfterSeconds,
  deadlineSeconds,
  LONGEST_DEADLINE_SECONDS,
  leverNamed,
  longestVerify,
  slowestReader,
  soonestVerdictSeconds,
  verifyBudgetSeconds,
  verifyWindowSeconds,
} from '../../lib/core/deadline.ts';
import { aPolicy, aService, aSignal } from '../builders.ts';

const slow = (over: Parameters<typeof aSignal>[0]) =>
  aService({ signals: [aSignal({ name: 'latency' }), aSignal(), aSignal({ name: 'auc', ...over })] });

describe('completeAfterSeconds', () => {
  it.each([
    [10, 5],
    [60, 30],
    [120, 60],
    [300, 60],
  ])('a period of %i s is complete %i s after its end: half of it, a minute at most', (period, seconds) => {
    expect(completeAfterSeconds(period)).toBe(seconds);
  });
});

describe('verifyWindowSeconds', () => {
  it('is the longest verify in the period of its signal', () => {
    expect(verifyWindowSeconds(aService())).toBe(60);
    expect(verifyWindowSeconds(slow({ periodSeconds: 60 }))).toBe(360);
  });

  it('covers a signal that only verify names', () => {
    const when = aPolicy().when.filter((c) => c.signal !== 'auc');
    const service = { ...slow({ periodSeconds: 60 }), policy: aPolicy({ when }) };

    expect(verifyWindowSeconds(service)).toBe(360);
  });

  it('covers a signal that only an alarm may bring in', () => {
    const verify = aPolicy().verify.filter((c) => c.signal !== 'auc');
    const service = { ...slow({ periodSeconds: 60 }), policy: aPolicy({ verify }) };

    expect(verifyWindowSeconds(service)).toBe(360);
    expect(longestVerify(service)).toBe(6);
  });
});

describe('longestVerify', () => {
  it('is the greatest number of datapoints that verify asks for', () => {
    const verify = aPolicy().verify.map((c, i) => ({ ...c, datapoints: i + 3 }));

    expect(longestVerify(aService({ policy: { verify } }))).toBe(5);
  });
});

describe('verifyBudgetSeconds', () => {
  it('is the lag, the window twice over, and one period that is complete', () => {
    expect(verifyBudgetSeconds(aService())).toBe(135);
    expect(verifyBudgetSeconds(slow({ lagSeconds: 30 }))).toBe(165);
    expect(verifyBudgetSeconds(slow({ periodSeconds: 60 }))).toBe(720 + 60 + 30);
  });

  it('is longer than the soonest verdict, which needs the window once', () => {
    expect(soonestVerdictSeconds(aService())).toBe(75);
    expect(soonestVerdictSeconds(slow({ lagSeconds: 30 }))).toBe(105);
    expect(soonestVerdictSeconds(slow({ periodSeconds: 60 }))).toBe(360 + 60 + 30);
  });
});

describe('slowestReader', () => {
  const both = [
    { lever: 'new-features', verb: 'off' },
    { lever: 'champion', verb: 'back' },
  ] as const;

  it('is the longest cache in the rung, and nothing for an empty one', () => {
    expect(slowestReader(aService(), both)).toBe(5);
    expect(slowestReader(aService(), [])).toBe(0);
  });
});

describe('deadlineSeconds', () => {
  it('adds opening, each rung with its cache and its budget, and closing', () => {
    expect(deadlineSeconds(aService())).toBe(45 + (60 + 5 + 135) + (60 + 0 + 135) + 30);
  });

  it('counts only the rungs that it is given', () => {
    expect(deadlineSeconds(aService(), [[{ lever: 'champion', verb: 'back' }]])).toBe(45 + 195 + 30);
  });

  it('is 30 minutes at most', () => {
    expect(deadlineSeconds(slow({ periodSeconds: 300 }))).toBe(LONGEST_DEADLINE_SECONDS);
  });
});

describe('leverNamed', () => {
  it('throws for a lever that the service does not have', () => {
    expect(() => leverNamed(aService(), 'git')).toThrow('Cannot find lever "git" of service "recommender"');
  });
});
