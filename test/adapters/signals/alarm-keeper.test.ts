import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from '@jest/globals';
import { cloudwatchAlarmKeeper } from '../../../lib/adapters/signals/alarm-keeper.ts';
import { alarmArn, anArmedService, aPolicy } from '../../builders.ts';
import { at } from '../../contracts/alarm-keeper.ts';
import { awsError, stubClient } from '../stub-client.ts';

const relative = { percent: -3 };
const when = [{ signal: 'auc', is: '<', relative, datapoints: 3, of: 5 } as const];
const armed = anArmedService({ service: { policy: aPolicy({ when }) } });
const AlarmArn = alarmArn('auc');
const standing = {
  AlarmArn,
  Threshold: 0.776,
  ComparisonOperator: 'LessThanThreshold',
  EvaluationPeriods: 5,
  DatapointsToAlarm: 3,
  Period: 10,
};

function keeperOn(...answers: Parameters<typeof stubClient>) {
  const { client, sent } = stubClient<CloudWatchClient>(...answers);
  return { keeper: cloudwatchAlarmKeeper({ client }), sent };
}

describe('cloudwatchAlarmKeeper', () => {
  it('puts the whole alarm, as the deploy made it but for its threshold', async () => {
    const { keeper, sent } = keeperOn({ MetricAlarms: [{ ...standing, Threshold: -1e15 }] }, {});

    expect(await keeper.keep(armed, at(armed, 0.776))).toEqual([AlarmArn]);
    expect(sent.map(({ name }) => name)).toEqual(['DescribeAlarmsCommand', 'PutMetricAlarmCommand']);
    expect(sent[1]?.input).toEqual({
      AlarmName: 'reinstate-local-recommender-auc',
      AlarmDescription: 'Opens an incident of recommender: auc < 3 % below baseline for 3 of 5',
      Namespace: 'Reinstate/Recommender',
      MetricName: 'error-ratio',
      Dimensions: [{ Name: 'service', Value: 'recommender' }],
      Period: 10,
      Statistic: 'Average',
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      Threshold: 0.776,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'missing',
    });
  });

  it.each([
    ['Threshold', 0.7],
    ['EvaluationPeriods', 6],
    ['Period', 60],
    ['ComparisonOperator', 'LessThanOrEqualToThreshold'],
  ])('puts it again where its %s is another', async (key, value) => {
    const { keeper, sent } = keeperOn({ MetricAlarms: [{ ...standing, [key]: value }] }, {});

    await keeper.keep(armed, at(armed, 0.776));

    expect(sent).toHaveLength(2);
  });

  it('only looks at one that stands where it should', async () => {
    const { keeper, sent } = keeperOn({ MetricAlarms: [standing] });

    await keeper.keep(armed, at(armed, 0.776));

    expect(sent).toHaveLength(1);
  });

  it('says which alarm could not be moved', async () => {
    const denied = awsError('AccessDenied', 403);
    const { keeper } = keeperOn({ MetricAlarms: [{ ...standing, Threshold: 0 }] }, denied);

    await expect(keeper.keep(armed, at(armed, 0.776))).rejects.toThrow(
      'move alarm reinstate-local-recommender-auc',
    );
  });

  it('moves the others where one cannot be moved, and says each that could not', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const alarms = names.flatMap((name) => at(armed, 0.776).map((a) => ({ ...a, arn: alarmArn(name) })));
    const found = names.map((name) => ({ ...standing, AlarmArn: alarmArn(name), Threshold: 0 }));
    const refused = /-(a|c)$/;
    const { keeper, sent } = keeperOn({ MetricAlarms: found }, ({ AlarmName }) =>
      refused.test(String(AlarmName)) ? awsError('AccessDenied', 403) : {},
    );

    await expect(keeper.keep(armed, alarms)).rejects.toThrow(
      /move alarm reinstate-local-recommender-a: .*; .*move alarm reinstate-local-recommender-c: /,
    );
    expect(sent.slice(1).map(({ input }) => String(input['AlarmName']).at(-1))).toEqual(names);
  });
});
