import { describe, expect, it } from '@jest/globals';
import { problemsOf, service, serviceOf } from './texts.ts';

const WHEN = 'latency > 250 ms for 3 of 5';
const VERIFY = 'latency < 250 ms for 6';
const when = (text: string) => service([WHEN, text]);

describe('a condition against the baseline', () => {
  it('is per cent below, for a time in whole periods', () => {
    expect(serviceOf(when('errors drops 3 % below baseline for 10 min')).policy.when).toEqual([
      { signal: 'errors', is: '<', relative: { percent: -3 }, datapoints: 10, of: 10 },
    ]);
  });

  it('is per cent above, for some of the last periods', () => {
    expect(serviceOf(when('latency rises 20 % above baseline for 3 of 5')).policy.when).toEqual([
      { signal: 'latency', is: '>', relative: { percent: 20 }, datapoints: 3, of: 5 },
    ]);
  });

  it.each([
    'latency rises 20 % above baseline for 3 of 5',
    'latency > 20 % above baseline for 3 of 5',
    'latency>20% above baseline for 3 of 5',
    '{ signal: latency, is: ">", threshold: 20 % above baseline, for: 3 of 5 }',
  ])('means one thing, written as %s', (text) => {
    expect(serviceOf(when(text)).policy.when).toEqual([
      { signal: 'latency', is: '>', relative: { percent: 20 }, datapoints: 3, of: 5 },
    ]);
  });

  it('proves recovery too', () => {
    const text = service([VERIFY, 'errors <= 12.5 % above baseline for 6']);

    expect(serviceOf(text).policy.verify).toEqual([
      { signal: 'errors', is: '<=', relative: { percent: 12.5 }, datapoints: 6, of: 6 },
    ]);
  });

  it.each([
    [
      'latency drops 3 % above baseline for 3',
      '"drops" needs "below baseline"; expected "drops 3 % below baseline"',
    ],
    [
      'latency rises 3 % below baseline for 3',
      '"rises" needs "above baseline"; expected "rises 3 % above baseline"',
    ],
    ['latency rises 250 ms for 3', '"rises" is for the baseline; expected "> 250 ms"'],
    [
      'latency drops 3 % for 3',
      '"drops" needs "below baseline"; expected "drops 3 % below baseline" or "< 3 %"',
    ],
    [
      'latency < 3 ms below baseline for 3',
      '"3 ms below baseline" is not a share of the baseline; expected per cent of the baseline, such as 3 % below baseline',
    ],
    ['latency < 100 % below baseline for 3', 'nothing is 100 % below a baseline; expected less than 100 %'],
    [
      'latency drops 3 % below baseline',
      '"for" is missing; expected "latency < 3 % below baseline for 3 of 5"',
    ],
    [
      'errors drops 3 % below baseline for 90 s',
      'time is not a whole number of periods of 60 s; expected 1 min or 2 min, or a number of periods',
    ],
  ])('is refused with what to write instead: %s', (text, words) => {
    expect(problemsOf(when(text))).toEqual([`shop.yaml:9:9: Cannot read "${text}": ${words}`]);
  });

  it('is refused on an alarm that exists already: that one has a threshold of its own', () => {
    const arn = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:latency';
    const text = service(
      ['unit: ms }', `unit: ms, alarm: "${arn}" }`],
      [WHEN, 'latency rises 20 % above baseline for 5'],
    );

    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/alarm has a threshold of its own.*; expected no "alarm" here/),
    ]);
  });
});
