import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from '@jest/globals';
import { listAlarms } from '../../../lib/adapters/estate/alarms.ts';
import { environment } from '../../cli/desk.ts';
import { awsError, stubClient } from '../stub-client.ts';

const arn = (name: string, account = environment.account) =>
  `arn:aws:cloudwatch:us-east-1:${account}:alarm:${name}`;

const described = (AlarmName: string, over: object = {}) => ({
  AlarmName,
  AlarmArn: arn(AlarmName),
  Namespace: 'Shop',
  MetricName: 'latency',
  Dimensions: [{ Name: 'service', Value: 'shop' }],
  ExtendedStatistic: 'p95',
  Period: 10,
  EvaluationPeriods: 5,
  DatapointsToAlarm: 3,
  Threshold: 250,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'ignore',
  StateValue: 'OK',
  ...over,
});
const found = async (...alarms: object[]) => {
  const { client } = stubClient<CloudWatchClient>({ MetricAlarms: alarms });
  return (await listAlarms(client, environment, undefined)).items;
};

describe('alarms of an estate', () => {
  it('are read page after page, metric alarms and composite ones', async () => {
    const { client, sent } = stubClient<CloudWatchClient>(
      { MetricAlarms: [described('a')], NextToken: 'more' },
      { CompositeAlarms: [{ AlarmName: 'b', AlarmArn: arn('b') }] },
    );

    const { items, more } = await listAlarms(client, environment, 'shop-');

    expect(items.map(({ kind, name }) => [kind, name])).toEqual([
      ['metric', 'a'],
      ['other', 'b'],
    ]);
    expect(more).toBe(false);
    expect(sent.map(({ input }) => input)).toEqual([
      expect.objectContaining({ AlarmNamePrefix: 'shop-', AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
      expect.objectContaining({ NextToken: 'more' }),
    ]);
  });

  it('are read up to a bound, and that there are more is said', async () => {
    const { client, sent } = stubClient<CloudWatchClient>({ MetricAlarms: [], NextToken: 'again' });

    expect(await listAlarms(client, environment, undefined)).toEqual({ items: [], more: true });
    expect(sent).toHaveLength(50);
  });

  it('keep what makes a condition; one without DatapointsToAlarm needs all of its periods', async () => {
    const [alarm] = await found(described('a', { DatapointsToAlarm: undefined }));

    expect(alarm).toMatchObject({ is: '>', threshold: 250, datapoints: 5, of: 5, missing: 'wait' });
  });

  it('take notBreaching for nothing said: silence is no proof of health', async () => {
    const [alarm] = await found(described('a', { TreatMissingData: 'notBreaching' }));

    expect(alarm).toMatchObject({ kind: 'metric', missing: undefined });
  });

  it('are read where their one metric stands in a list', async () => {
    const Metric = { Namespace: 'Shop', MetricName: 'auc' };
    const MetricStat = { Metric, Period: 60, Stat: 'Average' };
    const nothing = { Namespace: undefined, MetricName: undefined, Period: undefined };

    const [alarm] = await found(described('a', { ...nothing, Metrics: [{ Id: 'm', MetricStat }] }));

    expect(alarm).toMatchObject({
      metric: { name: 'auc', dimensions: {} },
      statistic: 'Average',
      periodSeconds: 60,
    });
  });

  it.each([
    ['metric math', { Metrics: [{ Id: 'e', Expression: 'a/b' }] }, /metric math/],
    [
      'several metrics',
      {
        Metrics: [
          { Id: 'a', MetricStat: {} },
          { Id: 'b', MetricStat: {} },
        ],
      },
      /metric math/,
    ],
    ['an anomaly band', { Threshold: undefined, ThresholdMetricId: 'ad' }, /no fixed threshold/],
    ['a band of two sides', { ComparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold' }, /no fixed/],
  ])('on %s are told, and no signal is made of them', async (_, over, why) => {
    expect(await found(described('a', over))).toEqual([
      { kind: 'other', name: 'a', why: expect.stringMatching(why) },
    ]);
  });

  it('of another account are not used: the credentials are the wrong ones', async () => {
    await expect(found(described('a', { AlarmArn: arn('a', '999900001111') }))).rejects.toThrow(
      /it is in account 999900001111, environment "local" is in \d{12}; choose credentials with AWS_PROFILE/,
    );
  });

  it('that may not be read say so', async () => {
    const { client } = stubClient<CloudWatchClient>(awsError('AccessDenied', 403, 'not authorized'));

    await expect(listAlarms(client, environment, undefined)).rejects.toThrow(
      'Cannot read the alarms: AccessDenied: not authorized',
    );
  });
});
