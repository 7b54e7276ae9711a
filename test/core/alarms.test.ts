import { describe, expect, it } from '@jest/globals';
import { alarmsOf, armedAlarms } from '../../lib/core/alarms.ts';
import { aCondition, aService, aSignal } from '../builders.ts';

const prod = { name: 'prod', account: '111122223333', region: 'eu-west-1' };
const prefix = 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:';

describe('alarmsOf', () => {
  it('makes one alarm for each condition, in the order of the file, named by environment, service and signal', () => {
    const alarms = alarmsOf(prod, aService());

    expect(alarms.map((a) => a.name)).toEqual([
      'reinstate-prod-recommender-latency',
      'reinstate-prod-recommender-error-ratio',
      'reinstate-prod-recommender-auc',
    ]);
    expect(alarms[0]).toEqual({
      name: 'reinstate-prod-recommender-latency',
      arn: `${prefix}reinstate-prod-recommender-latency`,
      existing: false,
      condition: aCondition('latency'),
    });
  });

  it('numbers further conditions on the same signal, each signal by itself', () => {
    const when = [
      aCondition('latency'),
      aCondition('auc'),
      aCondition('latency', { threshold: 500 }),
      aCondition('latency', { threshold: 900 }),
    ];

    expect(alarmsOf(prod, aService({ policy: { when } })).map((a) => a.name)).toEqual([
      'reinstate-prod-recommender-latency',
      'reinstate-prod-recommender-auc',
      'reinstate-prod-recommender-latency-2',
      'reinstate-prod-recommender-latency-3',
    ]);
  });

  it('takes an alarm that was there before as it is, by its ARN', () => {
    const arn = `${prefix}team/p95: too high`;
    const service = aService({
      signals: [aSignal({ name: 'latency', alarm: arn })],
      policy: { when: [aCondition('latency')] },
    });

    expect(alarmsOf(prod, service)).toEqual([
      { name: 'team/p95: too high', arn, existing: true, condition: aCondition('latency') },
    ]);
  });

  it.each([
    ['eu-west-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-east-1', 'aws'],
  ])('names an alarm of %s in partition %s', (region, partition) => {
    expect(alarmsOf({ ...prod, region }, aService())[0]?.arn).toBe(
      `arn:${partition}:cloudwatch:${region}:111122223333:alarm:reinstate-prod-recommender-latency`,
    );
  });
});

describe('armedAlarms', () => {
  it('arms each alarm with its condition, and nothing more', () => {
    expect(armedAlarms(prod, aService())[1]).toEqual({
      arn: `${prefix}reinstate-prod-recommender-error-ratio`,
      condition: aCondition('error-ratio'),
    });
  });
});
