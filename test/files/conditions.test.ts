import { describe, expect, it } from '@jest/globals';
import { problemsOf, service, serviceOf } from './texts.ts';

const WHEN = 'latency > 250 ms for 3 of 5';
const VERIFY = 'latency < 250 ms for 6';
const when = (text: string) => service([WHEN, text]);
const verify = (text: string) => service([VERIFY, text]);

describe('a condition', () => {
  it('counts some of the last periods', () => {
    const { policy } = serviceOf(when('latency > 250 ms for 3 of 5'));

    expect(policy.when).toEqual([{ signal: 'latency', is: '>', threshold: 250, datapoints: 3, of: 5 }]);
  });

  it('counts all of the last periods', () => {
    const { policy } = serviceOf(verify('latency <= 250 ms for 6'));

    expect(policy.verify).toEqual([{ signal: 'latency', is: '<=', threshold: 250, datapoints: 6, of: 6 }]);
  });

  it('divides a duration by the period of its signal', () => {
    const { policy } = serviceOf(when('[latency > 250 ms for 5 min, errors >= 0.05 for 5 min]'));

    expect(policy.when.map((c) => c.of)).toEqual([30, 5]);
  });

  it.each([
    ['latency > 0.25 s for 3', 250],
    ['latency > 2 min for 3', 120_000],
    ['latency>250ms for 3', 250],
    ['errors > 3 % for 3', 0.03],
    ['errors > 0.7 ratio for 3', 0.7],
    ['errors > 0.7 for 3', 0.7],
    ['errors > -1 for 3', -1],
  ])('reads %p in the unit of its signal', (text, threshold) => {
    expect(serviceOf(when(text)).policy.when[0]?.threshold).toBe(threshold);
  });

  it('turns a ratio into per cent without the dust of fractions', () => {
    const text = service(['unit: ratio', 'unit: "%"'], [WHEN, 'errors > 0.07 ratio for 3']);

    expect(serviceOf(text).policy.when[0]?.threshold).toBe(7);
  });

  it('looks at most a day back, and a week where periods are an hour', () => {
    const hourly = service(['period: 1 min', 'period: 1 h'], [WHEN, 'errors > 5 % for 168']);

    expect(serviceOf(hourly).policy.when[0]?.of).toBe(168);
    expect(problemsOf(when('errors > 5 % for 1440'))).toEqual([]);
  });
});

describe('a condition that cannot be read', () => {
  it.each([
    ['latency > 250 kg', 'unit "kg" is unknown; expected one of ms, s, min, %, count, ratio'],
    ['latency > 250 ms', '"for" is missing; expected "latency > 250 ms for 3 of 5"'],
    ['latency > 250 for 3', 'threshold 250 has no unit; expected a unit that fits ms, such as 250 ms'],
    ['latency > 250 % for 3', 'unit "%" does not fit a signal in ms; expected one of ms, s, min'],
    ['errors > 3 s for 3', 'unit "s" does not fit a signal in ratio; expected one of %, ratio'],
    [
      'latensy > 1 ms for 3',
      'signal "latensy" is not declared (did you mean "latency"?); expected one of latency, errors',
    ],
    ['latency ~ 250 ms for 3', 'not a condition; expected a condition such as latency > 250 ms for 3 of 5'],
    ['latency > 250 ms for', 'not a condition; expected a condition such as latency > 250 ms for 3 of 5'],
    ['latency > fast for 3', '"fast" is not a threshold; expected a number and a unit, such as 250 ms'],
    ['latency > 1e3 ms for 3', '"1e3 ms" is not a threshold; expected a number and a unit, such as 250 ms'],
    ['latency > 1 ms for 6 of 5', '"6 of 5" asks for more periods than it looks at; expected at most 5 of 5'],
    ['latency > 1 ms for 0', '"0" asks for no period at all; expected at least 1 period'],
    [
      'latency > 1 ms for ever',
      '"ever" is not a number of periods; expected <M> of <N>, <N> or a duration, such as 3 of 5, 6 or 5 min',
    ],
    [
      'latency > 1 ms for 15 s',
      'time is not a whole number of periods of 10 s; expected 10 s or 20 s, or a number of periods',
    ],
    [
      'latency > 1 ms for 1 s',
      'time is not a whole number of periods of 10 s; expected 10 s, or a number of periods',
    ],
    ['errors > 5 % for 1441', '1441 x 60 s is longer than CloudWatch evaluates; expected at most 1440'],
    ['5', 'not a condition; expected a condition such as latency > 250 ms for 3 of 5'],
    ['[]', 'list is empty; expected at least one condition'],
  ])('is refused: %s', (text, words) => {
    expect(problemsOf(when(text))).toEqual([`shop.yaml:9:9: Cannot read "${text}": ${words}`]);
  });

  it.each([
    [
      'latency < 250 ms for 3 of 5',
      'recovery is proven by every period, not by some; expected "latency < 250 ms for 5"',
    ],
    ['latency < 250 ms', '"for" is missing; expected "latency < 250 ms for 6"'],
    ['latency < 250 ms for 181', '181 x 10 s is longer than an incident may last; expected at most 180'],
  ])('is refused in verify: %s', (text, words) => {
    expect(problemsOf(verify(text))).toEqual([`shop.yaml:11:11: Cannot read "${text}": ${words}`]);
  });

  it('is pointed at in its list', () => {
    expect(problemsOf(when('[latency > 250 ms for 3, latency > 9 kg for 2]'))).toEqual([
      'shop.yaml:9:34: Cannot read "latency > 9 kg for 2": unit "kg" is unknown; expected one of ms, s, min, %, count, ratio',
    ]);
  });

  it('is pointed at in its mapping, every key that is wrong', () => {
    expect(problemsOf(when('{ signal: latency, is: "=", threshold: 250 kg, for: ever }'))).toEqual([
      'shop.yaml:9:32: Cannot read "=": word is unknown (did you mean ">"?); expected one of >, >=, <, <=',
      'shop.yaml:9:48: Cannot read "250 kg": unit "kg" is unknown; expected one of ms, s, min, %, count, ratio',
      'shop.yaml:9:61: Cannot read "ever": "ever" is not a number of periods; expected <M> of <N>, <N> or a duration, such as 3 of 5, 6 or 5 min',
    ]);
  });

  it('is pointed at by the key of its mapping that does not fit the signal', () => {
    expect(problemsOf(when('{ signal: latency, is: ">", threshold: 250, for: 15 s }'))).toEqual([
      'shop.yaml:9:48: Cannot read "250": threshold 250 has no unit; expected a unit that fits ms, such as 250 ms',
      'shop.yaml:9:58: Cannot read "15 s": time is not a whole number of periods of 10 s; expected 10 s or 20 s, or a number of periods',
    ]);
  });

  it('is told of by its key when nothing stands there', () => {
    expect(problemsOf(when(''))).toEqual([
      'shop.yaml:9:3: Cannot read "when": value is missing; expected a condition such as latency > 250 ms for 3 of 5, or a list of them',
    ]);
  });
});
