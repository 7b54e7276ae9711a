/** Alarms and metrics of the local AWS, and whether each patch in local/aws/launch.py is still needed. */
import { execFileSync } from 'node:child_process';
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDatum,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sourcePath } from '../../local/paths.ts';
import { pythonFor } from '../../local/python.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';
import { alarmInState, describeAlarm, lastExecution } from './local-aws-questions.ts';
import { alarm, machine, machineArn, role, rule } from './local-aws-resources.ts';

let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws('alarms');
}, 900_000);

afterAll(() => aws.stop());

test('each patch is written against the upstream source that is installed', async () => {
  const python = await pythonFor('aws', () => undefined);
  const answer = execFileSync(python, [sourcePath('aws', 'launch.py'), '--patches'], { encoding: 'utf8' });
  const patches = Object.entries(JSON.parse(answer) as Record<string, [string, string][]>);
  // A difference: upstream changed under the patch. Look whether it is still needed, then take over the new digest.
  for (const [name, parts] of patches)
    for (const [installed, known] of parts) expect([name, installed]).toEqual([name, known]);
  expect(patches.length).toBeGreaterThan(0);
});

describe('alarms', () => {
  const started = Math.floor(Date.now() / 10_000) * 10;

  test('count bad periods one by one, of their own dimensions, and tell EventBridge in the real shape', async () => {
    await aws.createStack({
      Role: role,
      // 2 of 3: of the periods sent below only the service `shop` has two bad ones.
      Shop: alarm({ AlarmName: 'shop', Dimensions: [{ Name: 'service', Value: 'shop' }] }),
      Other: alarm({ AlarmName: 'other', Dimensions: [{ Name: 'service', Value: 'other' }] }),
      Heard: machine('heard', { Start: { Type: 'Pass', End: true } }),
      Rule: rule({
        pattern: { source: ['aws.cloudwatch'], detail: { state: { value: ['ALARM'] } } },
        target: machineArn('heard'),
      }),
    });
    await publish([300, 100, 300].map((value, index) => datum('shop', started - 30 + index * 10, value)));
    await publish([300, 100, 100].map((value, index) => datum('other', started - 30 + index * 10, value)));
    const shop = await alarmInState(aws, 'shop', 'ALARM');
    expect(await stateOf('other')).not.toBe('ALARM');
    expect(JSON.parse(shop.StateReasonData ?? '{}')).toMatchObject({
      version: '1.0',
      period: 10,
      threshold: 250,
      statistic: 'p95',
    });

    const event = JSON.parse((await lastExecution(aws, 'heard')).input ?? '{}');
    expect(event).toMatchObject({
      version: '0',
      'detail-type': 'CloudWatch Alarm State Change',
      source: 'aws.cloudwatch',
      account: '000000000000',
      region: 'us-east-1',
      resources: [shop.AlarmArn],
      detail: {
        alarmName: 'shop',
        state: { value: 'ALARM', reason: expect.any(String), reasonData: expect.any(String) },
        previousState: { value: expect.stringMatching(/OK|INSUFFICIENT_DATA/) },
        configuration: {
          metrics: [
            {
              metricStat: {
                period: 10,
                stat: 'p95',
                metric: { namespace: 'T', name: 'latency', dimensions: { service: 'shop' } },
              },
            },
          ],
        },
      },
    });
    expect(Object.keys(event).toSorted((one, other) => one.localeCompare(other))).toEqual([
      'account',
      'detail',
      'detail-type',
      'id',
      'region',
      'resources',
      'source',
      'time',
      'version',
    ]);
    expect(new Date(event.detail.state.timestamp)).toEqual(shop.StateTransitionedTimestamp);
  });

  test('treat missing data as they were told, without any data arriving', async () => {
    const one = { EvaluationPeriods: 1, DatapointsToAlarm: 1 };
    await aws.createStack({
      Missing: alarm({ AlarmName: 'missing', ...one, MetricName: 'sparse', TreatMissingData: 'missing' }),
      Ignore: alarm({ AlarmName: 'ignore', ...one, MetricName: 'sparse', TreatMissingData: 'ignore' }),
      Breaching: alarm({
        AlarmName: 'breaching',
        ...one,
        MetricName: 'sparse',
        TreatMissingData: 'breaching',
      }),
      Fine: alarm({ AlarmName: 'fine', ...one, MetricName: 'sparse', TreatMissingData: 'notBreaching' }),
    });
    await alarmInState(aws, 'breaching', 'ALARM');
    await alarmInState(aws, 'fine', 'OK');
    await publish([{ ...datum('x', Date.now() / 1000, 300), MetricName: 'sparse', Dimensions: [] }]);
    await alarmInState(aws, 'ignore', 'ALARM');
    await alarmInState(aws, 'missing', 'ALARM');
    await alarmInState(aws, 'missing', 'INSUFFICIENT_DATA');
    expect(await stateOf('ignore')).toBe('ALARM');
  });

  test('count only complete periods, by sum, sample count, minimum, maximum and average', async () => {
    const of = (Statistic: string, Threshold: number) => ({
      Statistic,
      Threshold,
      AlarmName: Statistic,
      MetricName: 'stats',
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ExtendedStatistic: undefined,
    });
    const limits = { Sum: 29, SampleCount: 2, Minimum: 4, Maximum: 14, Average: 9 };
    await aws.createStack(
      Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, alarm(of(name, limit))])),
    );
    await publish([{ MetricName: 'stats', StorageResolution: 1, Values: [5, 10, 15], Counts: [1, 1, 1] }]);
    const period = Math.floor(Date.now() / 10_000);
    for (const name of Object.keys(limits)) await alarmInState(aws, name, 'ALARM');
    expect(Math.floor(Date.now() / 10_000)).toBeGreaterThan(period);
  });

  test('keep their transition when their configuration is put again', async () => {
    const before = await alarmInState(aws, 'shop', (await stateOf('shop')) ?? '');
    await aws.call('cloudwatch', 'GraniteServiceVersion20100801.PutMetricAlarm', {
      ...alarm({ AlarmName: 'shop' }).Properties,
    });
    expect((await describeAlarm(aws, 'shop'))?.StateTransitionedTimestamp).toEqual(
      before.StateTransitionedTimestamp,
    );
  });
});

describe('metrics', () => {
  test('come back bucketed by period and dimension, percentiles of values and counts included', async () => {
    const start = Math.floor(Date.now() / 10_000) * 10 - 20;
    const values = { Values: [1, 2, 100], Counts: [50, 45, 5], Value: undefined };
    await publish([
      { ...datum('metrics', start, 0), ...values },
      datum('metrics', start + 10, 7),
      datum('someone-else', start, 900),
    ]);
    const answer = await new CloudWatchClient(aws.client).send(
      new GetMetricDataCommand({
        StartTime: new Date(start * 1000),
        EndTime: new Date((start + 20) * 1000),
        MetricDataQueries: ['p95', 'SampleCount'].map((Stat) => ({
          Id: Stat.toLowerCase(),
          MetricStat: {
            Stat,
            Period: 10,
            Metric: {
              Namespace: 'T',
              MetricName: 'latency',
              Dimensions: [{ Name: 'service', Value: 'metrics' }],
            },
          },
        })),
      }),
    );
    const [p95, counts] = answer.MetricDataResults ?? [];
    expect(p95?.Timestamps?.map((time) => time.getTime() / 1000)).toEqual([start, start + 10]);
    expect(p95?.Values?.[1]).toBe(7);
    expect(p95?.Values?.[0]).toBeGreaterThan(2);
    expect(counts?.Values).toEqual([100, 1]);
    expect(p95?.StatusCode).toBe('Complete');
  });
});

const publish = (MetricData: MetricDatum[]) =>
  new CloudWatchClient(aws.client).send(new PutMetricDataCommand({ Namespace: 'T', MetricData }));

const datum = (service: string, seconds: number, value: number): MetricDatum => ({
  MetricName: 'latency',
  Dimensions: [{ Name: 'service', Value: service }],
  Timestamp: new Date(seconds * 1000),
  StorageResolution: 1,
  Value: value,
});

const stateOf = async (name: string) => (await describeAlarm(aws, name))?.StateValue;
