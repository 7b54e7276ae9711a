import { describe, expect, it } from '@jest/globals';
import { problemsOf, service, serviceOf } from './texts.ts';

describe('a signal', () => {
  const ARN = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:latency';

  it.each(['10 s', '20 s', '30 s', '60 s', '5 min', '0.5 min'])('may have a period of %p', (period) => {
    expect(problemsOf(service(['period: 10 s', `period: ${period}`]))).toEqual([]);
  });

  it.each(['p0', 'p95', 'p99.9', 'p100', 'Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'])(
    'may have the statistic %p',
    (statistic) => {
      expect(serviceOf(service(['statistic: p95', `statistic: ${statistic}`])).signals[0]?.statistic).toBe(
        statistic,
      );
    },
  );

  it.each([
    [
      'statistic: p95',
      'statistic: p101',
      '69: Cannot read "p101": statistic is unknown; expected one of p0 to p100, Average, Sum, Minimum, Maximum, SampleCount',
    ],
    [
      'statistic: p95',
      'statistic: avg',
      '69: Cannot read "avg": statistic is unknown (did you mean "Average"?); expected one of p0 to p100, Average, Sum, Minimum, Maximum, SampleCount',
    ],
    [
      'statistic: p95',
      'statistic: sum',
      '69: Cannot read "sum": statistic is unknown (did you mean "Sum"?); expected one of p0 to p100, Average, Sum, Minimum, Maximum, SampleCount',
    ],
    [
      'period: 10 s',
      'period: 10',
      '82: Cannot read "10": not a duration; expected a number with ms, s, min or h, such as 10 s or 5 min',
    ],
    [
      'period: 10 s',
      'period: 90 s',
      '82: Cannot read "90 s": CloudWatch has no such period; expected 10 s, 20 s, 30 s or whole minutes',
    ],
    [
      'namespace: Shop',
      'namespace: AWS/ECS',
      '85: Cannot read "10 s": metrics of AWS/ECS have no datapoints under a minute; expected 1 min or more',
    ],
    [
      'unit: ms',
      'missing: brech, unit: ms',
      '97: Cannot read "brech": word is unknown (did you mean "breach"?); expected one of breach, wait, inconclusive',
    ],
    [
      'unit: ms',
      'unit: ms, alarm: latency',
      '105: Cannot read "latency": not the ARN of an alarm; expected an ARN such as arn:aws:cloudwatch:eu-west-1:111122223333:alarm:latency',
    ],
    [
      'unit: ms',
      `unit: ms, alarm: "${ARN.replace('eu', 'us')}"`,
      `105: Cannot read "${ARN.replace('eu', 'us')}": alarm is not where environment "prod" is; expected an alarm in eu-west-1 of account 111122223333`,
    ],
  ])('with %p as %p is refused', (from, to, words) => {
    expect(problemsOf(service([from, to]))).toEqual([`shop.yaml:2:${words}`]);
  });

  it('with an alarm of its own stands in exactly one condition of "when"', () => {
    const unused = service(['unit: ratio', `unit: ratio, alarm: "${ARN}"`]);
    const twice = service(
      ['unit: ms', `unit: ms, alarm: "${ARN}"`],
      ['latency > 250 ms for 3 of 5', '[latency > 1 s for 3, latency > 2 s for 1]'],
    );

    expect(problemsOf(unused)[0]).toContain(
      'alarm is of no use: no "when" names its signal; expected one condition',
    );
    expect(problemsOf(twice)[0]).toContain('alarm stands for 2 conditions of "when"; expected one condition');
  });
});
