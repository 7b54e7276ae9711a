import { describe, expect, it } from '@jest/globals';
import { anAlarm, commentsOf, proposed } from './an-estate.ts';

describe('an alarm becomes a signal and two lines of the policy', () => {
  it('with its metric, threshold and periods; recovery is the opposite, of every period', () => {
    const { service, problems } = proposed({ alarms: [anAlarm()] });

    expect(problems).toEqual([]);
    expect(service.signals).toMatchObject([
      {
        name: 'latency',
        metric: { namespace: 'Shop', name: 'latency', dimensions: { service: 'churn' } },
        statistic: 'p95',
        periodSeconds: 10,
        unit: 'ms',
        alarm: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:churn-latency',
      },
    ]);
    expect(service.policy).toMatchObject({
      when: [{ signal: 'latency', is: '>', threshold: 250, datapoints: 3, of: 5 }],
      verify: [{ signal: 'latency', is: '<=', threshold: 250, datapoints: 6, of: 6 }],
    });
  });

  it('a count above 0 recovers at 0, not below it', () => {
    const count = { statistic: 'Sum', unit: 'Count', threshold: 0 };
    const { service } = proposed({ alarms: [anAlarm(count)] });

    expect(service.policy.verify).toMatchObject([{ is: '<=', threshold: 0 }]);
  });

  it('a slow one is proven by fewer periods, and so is all that stands beside it', () => {
    const slow = anAlarm({ name: 'churn-auc', periodSeconds: 60, is: '<', threshold: 0.7, unit: undefined });
    const { service, text } = proposed({ alarms: [anAlarm(), slow] });

    expect(service.policy.verify.map(({ of }) => of)).toEqual([3, 3]);
    expect(commentsOf(text)).toContain('is it published every 10 s (StorageResolution 1)?');
  });

  it.each([
    ['Milliseconds', 'x', 1, 'ms'],
    ['Seconds', 'x', 1, 's'],
    ['Percent', 'x', 1, '%'],
    [undefined, 'latency', 250, 'ms'],
    [undefined, 'TargetResponseTime', 0.25, 's'],
    [undefined, 'cpu-percent', 80, '%'],
    [undefined, 'auc', 0.7, 'ratio'],
    [undefined, 'rows', 400, 'count'],
  ])('published in %s as %s against %s: %s', (...row) => {
    const [unit, name, threshold, expected] = row;
    const metric = { namespace: 'Shop', name, dimensions: { service: 'churn' } };
    const { service, text, problems } = proposed({ alarms: [anAlarm({ unit, metric, threshold })] });

    expect([service.signals[0]?.unit, problems]).toEqual([expected, []]);
    expect(commentsOf(text).includes('The alarm names no unit')).toBe(unit === undefined);
  });

  it('F44: what a period without data means is asked where the alarm does not say', () => {
    const silent = proposed({ alarms: [anAlarm({ missing: undefined })] });
    const breaching = proposed({ alarms: [anAlarm({ missing: 'breach' })] });

    expect(commentsOf(silent.text)).toContain('what does a period without data mean?');
    expect(silent.service.signals[0]?.missing).toBe('inconclusive');
    expect(breaching.service.signals[0]?.missing).toBe('breach');
    expect(commentsOf(breaching.text)).not.toContain('a period without data');
  });

  it('an alarm that a deploy of ours made is made again, and not named', () => {
    const { service } = proposed({ alarms: [anAlarm({ name: 'reinstate-prod-churn-latency' })] });

    expect(service.signals[0]?.alarm).toBeUndefined();
  });

  it('an alarm that is red now is said to be', () => {
    expect(commentsOf(proposed({ alarms: [anAlarm({ inAlarm: true })] }).text)).toContain('in ALARM now');
  });

  it.each([
    [
      'a composite one',
      { kind: 'other', name: 'churn-x', why: 'it is a composite alarm' } as const,
      /composite/,
    ],
    ['a period of an hour', anAlarm({ periodSeconds: 3600 }), /its period of 1 h is too long/],
    ['a period that CloudWatch has not', anAlarm({ periodSeconds: 45 }), /period/],
    [
      '10 s of what AWS publishes',
      anAlarm({ metric: { namespace: 'AWS/ECS', name: 'churn', dimensions: {} } }),
      /AWS\/ECS/,
    ],
    ['a trimmed mean', anAlarm({ statistic: 'tm99' }), /statistic is unknown/],
    ['a tiny threshold', anAlarm({ threshold: 1e-12 }), /nine digits/],
    [
      'two days of periods',
      anAlarm({ periodSeconds: 600, of: 300, datapoints: 300 }),
      /longer than CloudWatch/,
    ],
  ])('%s is left out, and why is said', (_, alarm, why) => {
    const { service, text, problems } = proposed({ alarms: [alarm, anAlarm({ name: 'churn-good' })] });

    expect([service.signals.length, problems]).toEqual([1, []]);
    expect(commentsOf(text)).toMatch(why);
  });

  it('two alarms on one metric are two signals: each opens incidents by itself', () => {
    const { service, problems } = proposed({
      alarms: [anAlarm(), anAlarm({ name: 'churn-worse', threshold: 900 })],
    });

    expect([service.signals.map(({ name }) => name), problems]).toEqual([['latency', 'latency-2'], []]);
  });

  it('of many only the first six are taken, and the rest is counted', () => {
    const alarms = Array.from({ length: 60 }, (_, n) => anAlarm({ name: `churn-${n}` }));
    const { service, text, problems } = proposed({ alarms });

    expect([service.signals.length, problems]).toEqual([6, []]);
    expect(commentsOf(text)).toContain('and 24 more that were left out');
  });

  it('belongs to the service by name or dimension, or because its prefix was given', () => {
    const other = anAlarm({
      name: 'x',
      metric: { namespace: 'Shop', name: 'latency', dimensions: { s: 'recommender' } },
    });

    expect(proposed({ alarms: [other] }).service.signals.map(({ name }) => name)).toEqual(['example']);
    const asked = proposed({ alarms: [other] }, { wanted: { alarms: 'x' } });
    expect(asked.service.signals.map(({ name }) => name)).toEqual(['latency']);
  });
});
