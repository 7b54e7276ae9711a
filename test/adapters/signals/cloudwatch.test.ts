import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from '@jest/globals';
import { cloudwatchSignals } from '../../../lib/adapters/signals/cloudwatch.ts';
import { anArmedService, aSignal } from '../../contracts/armed.ts';
import { awsError, stubClient } from '../stub-client.ts';

const at = Date.UTC(2026, 10, 21, 9);
const signal = aSignal();
const page = (values: [number, number][], StatusCode = 'Complete', NextToken?: string) => ({
  MetricDataResults: [
    {
      StatusCode,
      Timestamps: values.map(([seconds]) => new Date(at + seconds * 1000)),
      Values: values.map(([, v]) => v),
    },
  ],
  NextToken,
});

function readerOn(...answers: Parameters<typeof stubClient>) {
  const { client, sent } = stubClient<CloudWatchClient>(...answers);
  return { reader: cloudwatchSignals({ client }), sent };
}

describe('cloudwatchSignals reads datapoints', () => {
  it('asks on the grid of the period, ascending, with statistic and dimensions', async () => {
    const { reader, sent } = readerOn(page([]));

    await reader.datapoints(signal, at + 1, at + 25_000);

    expect(sent[0]?.input).toMatchObject({
      StartTime: new Date(at),
      EndTime: new Date(at + 30_000),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        {
          MetricStat: {
            Metric: {
              Namespace: 'Shop',
              MetricName: 'Latency',
              Dimensions: [{ Name: 'Service', Value: 'recommender' }],
            },
            Period: 10,
            Stat: 'p95',
          },
        },
      ],
    });
  });

  it('joins pages, of which only the last has to be complete', async () => {
    const { reader, sent } = readerOn(page([[0, 1]], 'PartialData', 'more'), page([[10, 2]]));

    expect(await reader.datapoints(signal, at, at + 60_000)).toEqual([
      { at, value: 1 },
      { at: at + 10_000, value: 2 },
    ]);
    expect(sent[1]?.input).toMatchObject({ NextToken: 'more' });
  });

  it.each(['PartialData', 'InternalError', 'Forbidden'])(
    'F47: takes %s for trouble, never for data',
    async (status) => {
      const { reader } = readerOn(page([[0, 1]], status));

      await expect(reader.datapoints(signal, at, at + 60_000)).rejects.toMatchObject({
        name: 'OutsideTrouble',
        message: `Cannot read signal "latency": CloudWatch answered ${status}`,
      });
    },
  );

  it('F44: drops what is no number', async () => {
    const { reader } = readerOn(
      page([
        [0, Number.NaN],
        [10, Number.POSITIVE_INFINITY],
        [20, 0],
      ]),
    );

    expect(await reader.datapoints(signal, at, at + 60_000)).toEqual([{ at: at + 20_000, value: 0 }]);
  });

  it('F47: takes throttling for trouble', async () => {
    const { reader } = readerOn(awsError('Throttling', 400));

    await expect(reader.datapoints(signal, at, at + 1)).rejects.toMatchObject({ name: 'OutsideTrouble' });
    await expect(reader.alarms(anArmedService([]).alarms)).rejects.toMatchObject({ name: 'OutsideTrouble' });
  });
});

describe('cloudwatchSignals reads alarms', () => {
  const [armed] = anArmedService([]).alarms;
  const AlarmArn = armed?.arn ?? '';
  const reading = async (
    kind: 'MetricAlarms' | 'CompositeAlarms',
    alarm: object,
    alarms = armed ? [armed] : [],
  ) => {
    const { reader, sent } = readerOn({ [kind]: [{ AlarmArn, StateValue: 'ALARM', ...alarm }] });
    return { readings: await reader.alarms(alarms), sent };
  };

  it('asks for metric and composite alarms by name, also names with colons', async () => {
    const arn = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a:b:c';
    const { sent, readings } = await reading(
      'CompositeAlarms',
      { AlarmArn: arn },
      armed ? [{ ...armed, arn }] : [],
    );

    expect(sent[0]?.input).toMatchObject({
      AlarmNames: ['a:b:c'],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    });
    expect(readings).toEqual([{ arn, state: 'ALARM', since: 0, windowSeconds: 300 }]);
  });

  it('reads since when: the transition, or the last update where there is none', async () => {
    const StateUpdatedTimestamp = new Date(at + 1000);
    const rule = { Period: 10, EvaluationPeriods: 5, StateUpdatedTimestamp };

    const moved = await reading('MetricAlarms', { ...rule, StateTransitionedTimestamp: new Date(at) });
    expect(moved.readings).toEqual([{ arn: AlarmArn, state: 'ALARM', since: at, windowSeconds: 50 }]);
    expect((await reading('MetricAlarms', rule)).readings[0]?.since).toBe(at + 1000);
  });

  it('takes the longest period of an alarm on metric math for its window', async () => {
    const Metrics = [
      { Expression: 'a / b', Id: 'e' },
      { Id: 'a', MetricStat: { Period: 60 } },
      { Id: 'b', Period: 30 },
    ];

    expect(
      (await reading('MetricAlarms', { Metrics, EvaluationPeriods: 3 })).readings[0]?.windowSeconds,
    ).toBe(180);
  });

  it.each([
    ['ALARM', 'PARTIAL_DATA', 'ALARM'],
    ['ALARM', 'EVALUATION_FAILURE', 'ALARM'],
    ['OK', 'PARTIAL_DATA', 'INSUFFICIENT_DATA'],
    ['OK', 'EVALUATION_ERROR', 'INSUFFICIENT_DATA'],
    ['OK', undefined, 'OK'],
    ['INSUFFICIENT_DATA', undefined, 'INSUFFICIENT_DATA'],
  ])(
    'never reads an alarm better than it is: %s with %s is %s',
    async (StateValue, EvaluationState, state) => {
      const { readings } = await reading('MetricAlarms', { StateValue, EvaluationState });

      expect(readings[0]?.state).toBe(state);
    },
  );

  it('does not take an alarm of the same name in another account for the armed one', async () => {
    const { readings } = await reading('MetricAlarms', {
      AlarmArn: AlarmArn.replace('000000000000', '111111111111'),
    });

    expect(readings).toEqual([{ arn: AlarmArn, state: 'MISSING', since: 0, windowSeconds: 0 }]);
  });

  it('asks for at most 100 names at a time', async () => {
    const { reader, sent } = readerOn({});
    const many = Array.from({ length: 150 }, (_, n) => ({
      arn: `${AlarmArn}-${n}`,
      condition: armed?.condition,
    }));

    await reader.alarms(many as Parameters<typeof reader.alarms>[0]);

    expect(sent.map(({ input }) => (input['AlarmNames'] as string[]).length)).toEqual([100, 50]);
  });
});
