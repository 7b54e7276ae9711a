import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { alarmSettings } from '../../core/alarm-settings.ts';
import type { ArmedService } from '../../core/service.ts';
import type { AlarmKeeper } from '../../ports/alarm-keeper.ts';
import { asking } from '../aws-errors.ts';

/** What has to be equal; the rest of an alarm follows from the same deploy. */
const COMPARED = [
  'Threshold',
  'ComparisonOperator',
  'EvaluationPeriods',
  'DatapointsToAlarm',
  'Period',
] as const satisfies (keyof MetricAlarm & keyof PutMetricAlarmCommandInput)[];

/** Alarms of CloudWatch. One that does not exist is not made: whoever deletes an alarm is not overruled. */
export const cloudwatchAlarmKeeper = ({ client }: { readonly client: CloudWatchClient }): AlarmKeeper => ({
  keep: async (armed, alarms) => {
    const wanted = alarms.map((alarm) => ({ arn: alarm.arn, input: inputOf(armed, alarm) }));
    const command = new DescribeAlarmsCommand({
      AlarmNames: wanted.map(({ input }) => input.AlarmName ?? ''),
      MaxRecords: 100,
    });
    const found = await asking('read the alarms against the baseline', () => client.send(command));
    const changed: string[] = [];
    for (const { arn, input } of wanted) {
      const standing = found.MetricAlarms?.find(({ AlarmArn }) => AlarmArn === arn);
      if (!standing || COMPARED.every((key) => standing[key] === input[key])) continue;
      // An update leaves the alarm's state as it is (PutMetricAlarm).
      await asking(`move alarm ${input.AlarmName}`, () => client.send(new PutMetricAlarmCommand(input)));
      changed.push(arn);
    }
    return changed;
  },
});

/** `arn:aws:cloudwatch:<region>:<account>:alarm:<name>`. */
const nameIn = (arn: string): string => arn.split(':').slice(6).join(':');

function inputOf(
  { service }: ArmedService,
  { arn, condition }: ArmedService['alarms'][number],
): PutMetricAlarmCommandInput {
  const { dimensions, ...settings } = alarmSettings(service, { name: nameIn(arn), condition });
  const capitals = Object.entries(settings).map(([key, value]) => [
    `${key.charAt(0).toUpperCase()}${key.slice(1)}`,
    value,
  ]);
  const Dimensions = dimensions.map(({ name: Name, value: Value }) => ({ Name, Value }));
  return { ...(Object.fromEntries(capitals) as PutMetricAlarmCommandInput), Dimensions };
}
