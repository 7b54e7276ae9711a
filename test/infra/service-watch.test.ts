import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import type { Service } from '../../lib/core/service.ts';
import { ACCOUNT, aService, aSignal, aStack, REGION, resources, templateOf } from './helpers/deployment.ts';

const ALARM = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:`;

const templateWith = (overrides: Partial<Service>) => templateOf({ services: [aService(overrides)] });
const rulesOf = (service: Partial<Service>) =>
  Object.values(resources(templateWith(service), 'AWS::Events::Rule')).filter(
    (rule) => rule.Properties.EventPattern?.source[0] === 'aws.cloudwatch',
  );

describe('the alarms of a service', () => {
  it('watch exactly the series, the statistic and the M of N that the file says', () => {
    templateWith({}).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'reinstate-prod-recommender-latency',
      Namespace: 'Shop',
      MetricName: 'Latency',
      Dimensions: [
        { Name: 'service', Value: 'recommender' },
        { Name: 'stage', Value: 'prod' },
      ],
      ExtendedStatistic: 'p95',
      Statistic: Match.absent(),
      EvaluateLowSampleCountPercentile: 'ignore',
      Period: 10,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      Threshold: 250,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'missing',
    });
  });

  it('are out of reach until the reference is known, where they are held against the baseline', () => {
    const relative = { percent: -3 };
    const drops = { signal: 'auc', is: '<', relative, datapoints: 10, of: 10 } as const;
    const rises = { signal: 'latency', is: '>', relative: { percent: 20 }, datapoints: 3, of: 5 } as const;
    const template = templateWith({ policy: { ...aService().policy, when: [drops, rises] } });

    for (const [name, Threshold] of [['auc', -1e15] as const, ['latency', 1e15] as const])
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `reinstate-prod-recommender-${name}`,
        AlarmDescription: Match.stringLikeRegexp(' % (below|above) baseline for '),
        Threshold,
      });
  });

  it('use a plain statistic as it is', () => {
    templateWith({}).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'reinstate-prod-recommender-auc',
      Statistic: 'Average',
      ExtendedStatistic: Match.absent(),
      EvaluateLowSampleCountPercentile: Match.absent(),
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it.each([
    ['breach', 'breaching'],
    ['wait', 'ignore'],
    ['inconclusive', 'missing'],
  ] as const)('treat missing data declared as %s as %s', (missing, expected) => {
    templateWith({ signals: [aSignal({ missing }), aSignal({ name: 'auc' })] }).hasResourceProperties(
      'AWS::CloudWatch::Alarm',
      {
        AlarmName: 'reinstate-prod-recommender-latency',
        TreatMissingData: expected,
      },
    );
  });

  it('are not made where the signal names one that exists; the rule listens to that one', () => {
    const existing = `${ALARM}p95-too-high`;
    const own = { signals: [aSignal({ alarm: existing }), aSignal({ name: 'auc' })] };

    const names = Object.values(resources(templateWith(own), 'AWS::CloudWatch::Alarm')).map(
      (a) => a.Properties.AlarmName,
    );

    expect(names).not.toContain('reinstate-prod-recommender-latency');
    expect(rulesOf(own)[0]?.Properties.EventPattern.resources).toEqual([
      existing,
      `${ALARM}reinstate-prod-recommender-auc`,
    ]);
  });
});

describe('the rule of a service', () => {
  it('starts the machine with the whole event of any transition to ALARM', () => {
    const [rule] = rulesOf({});

    expect(rule?.Properties.EventPattern).toEqual({
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      resources: [`${ALARM}reinstate-prod-recommender-latency`, `${ALARM}reinstate-prod-recommender-auc`],
      detail: { state: { value: ['ALARM'] } },
    });
    const target = rule?.Properties.Targets[0];
    expect(target).not.toHaveProperty('Input');
    expect(target).not.toHaveProperty('InputPath');
    expect(target).not.toHaveProperty('InputTransformer');
    expect(target.RetryPolicy.MaximumEventAgeInSeconds).toBe(300);
  });

  it('becomes several where one pattern would be too long for EventBridge', () => {
    const names = Array.from({ length: 7 }, (_, n) => `latency-${n}`);
    const signals = names.map((name) => aSignal({ name, alarm: `${ALARM}${'x'.repeat(220)}-${name}` }));
    const when = names.map((signal) => ({ signal, is: '>', threshold: 1, datapoints: 1, of: 1 }) as const);
    const { policy } = aService();

    const patterns = rulesOf({
      signals: [...signals, aSignal()],
      policy: { ...policy, when },
    }).map((rule) => rule.Properties.EventPattern);

    expect(patterns.length).toBeGreaterThan(1);
    for (const pattern of patterns) expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
    expect(patterns.flatMap((pattern) => pattern.resources)).toHaveLength(7);
  });

  it('keeps its name unique and short enough where a service has the longest name', () => {
    const [rule] = rulesOf({ name: 'a'.repeat(80) });

    expect(rule?.Properties.Name).toMatch(/^reinstate-prod-a+-[0-9a-f]{8}$/);
    expect(rule?.Properties.Name.length).toBeLessThanOrEqual(64);
  });
});

describe('the armed service', () => {
  it('is a parameter of the Advanced tier that carries the file and its alarms', () => {
    const [parameter] = Object.values(resources(templateWith({}), 'AWS::SSM::Parameter'));

    expect(parameter?.Properties).toMatchObject({
      Name: '/reinstate/prod/armed/recommender',
      Tier: 'Advanced',
      Type: 'String',
    });
    expect(JSON.parse(parameter?.Properties.Value)).toMatchObject({
      environment: 'prod',
      firstMode: 'observe',
      service: { name: 'recommender' },
      alarms: [
        { arn: `${ALARM}reinstate-prod-recommender-latency` },
        { arn: `${ALARM}reinstate-prod-recommender-auc` },
      ],
    });
  });

  it('is refused at synth where the parameter could not hold it', () => {
    const signals = [
      ...aService().signals,
      ...Array.from({ length: 60 }, (_, n) => aSignal({ name: `signal-${n}` })),
    ];

    expect(() => aStack({ services: [aService({ signals })] })).toThrow(
      /service takes \d+ bytes to arm; expected at most 8192/,
    );
  });
});
