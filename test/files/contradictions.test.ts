import { describe, expect, it } from '@jest/globals';
import { problemsOf, service, serviceOf } from './texts.ts';

const policy = (when: string, verify: string) =>
  service(['latency > 250 ms for 3 of 5', when], ['latency < 250 ms for 6', verify]);

describe('what verifies', () => {
  it.each([
    ['latency > 250 ms for 3 of 5', 'latency > 250 ms for 6', 'latency < 250'],
    ['latency > 250 ms for 3 of 5', 'latency < 300 ms for 6', 'latency < 250'],
    ['latency >= 250 ms for 3 of 5', 'latency <= 250 ms for 6', 'latency < 250'],
    ['latency > 250 ms for 3 of 5', '[errors < 0.05 for 6, latency > 1 ms for 6]', 'latency < 250'],
    [
      'errors drops 3 % below baseline for 3',
      'errors > 5 % below baseline for 6',
      'errors > 3 % below baseline',
    ],
  ])('may not pass while it breaches: %s with %s', (when, verify, instead) => {
    expect(problemsOf(policy(when, verify))).toEqual([
      expect.stringMatching(new RegExp(`passes here while it breaches "when"; expected .*"${instead}"`)),
    ]);
  });

  it.each([
    ['latency > 250 ms for 3 of 5', 'latency < 250 ms for 6'],
    ['latency > 250 ms for 3 of 5', 'latency <= 250 ms for 6'],
    ['latency > 250 ms for 3 of 5', 'latency < 200 ms for 6'],
    ['latency > 250 ms for 3 of 5', 'errors < 0.05 for 6'],
    ['latency > 250 ms for 3 of 5', '[latency > 1 ms for 6, latency < 250 ms for 6]'],
    ['[latency > 250 ms for 3 of 5, latency < 1 ms for 3]', '[latency > 1 ms for 6, latency < 250 ms for 6]'],
    ['latency rises 20 % above baseline for 3', 'latency < 250 ms for 6'],
    ['errors drops 3 % below baseline for 3', 'errors > 3 % below baseline for 6'],
  ])('may be as strict, stricter, or about another signal: %s with %s', (when, verify) => {
    expect(serviceOf(policy(when, verify)).policy.verify.length).toBeGreaterThan(0);
  });
});
