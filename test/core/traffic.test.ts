import { describe, expect, it } from '@jest/globals';
import { doubtAbout, sharesText, windowOf } from '../../lib/core/traffic.ts';

const WANTED = { least: 100, windowSeconds: 30 };
const doubt = (requests: Record<string, number>, windowSeconds = 30) =>
  doubtAbout({ requests, windowSeconds }, 'good', WANTED);

describe('requests by version', () => {
  it('prove that nothing bad is served when a whole window holds enough good ones and no other', () => {
    expect(doubt({ good: 100, bad: 0 })).toBeUndefined();
  });

  it('do not prove it while a single one is bad, and say how many', () => {
    expect(doubt({ good: 99_999, bad: 1 })).toBe('< 0.1 % of 100000 requests to "bad" in 30 s');
    expect(doubt({ good: 90, bad: 9, older: 1 })).toBe(
      '9.0 % of 100 requests to "bad" and 1.0 % of 100 requests to "older" in 30 s',
    );
  });

  it.each<[string, Parameters<typeof doubt>, string]>([
    ['too few', [{ good: 99 }, 30], '99 requests in 30 s, too few to prove it; expected 100'],
    [
      'none at all: no traffic is never a pass',
      [{}, 30],
      '0 requests in 30 s, too few to prove it; expected 100',
    ],
    ['less than a window', [{ good: 500 }, 29], 'requests were counted for 29 s; expected 30 s'],
  ])('do not prove it when there are %s', (_, counted, why) => {
    expect(doubt(...counted)).toBe(why);
  });

  it('are told with the largest share first; a single request is never rounded away', () => {
    const text = (requests: Record<string, number>) => sharesText({ requests, windowSeconds: 30 });

    expect(text({ bad: 0, good: 1234 })).toBe('good 100 %, bad 0 % of 1234 requests in 30 s');
    expect(text({ bad: 1, good: 99_999 })).toBe('good > 99.9 %, bad < 0.1 % of 100000 requests in 30 s');
    expect(text({ bad: 100, good: 900 })).toBe('good 90.0 %, bad 10.0 % of 1000 requests in 30 s');
    expect(text({ good: 0 })).toBe('good 0 % of 0 requests in 30 s');
  });

  it('are counted over the last window, and never from before the switch', () => {
    const traffic = {
      metric: { namespace: 'Shop', name: 'requests', dimensions: {} },
      by: 'PodHash',
      periodSeconds: 10,
      ...WANTED,
    };

    expect(windowOf(traffic, 100_000, 120_000)).toEqual({ from: 100_000, to: 120_000 });
    expect(windowOf(traffic, 100_000, 200_000)).toEqual({ from: 170_000, to: 200_000 });
  });
});
