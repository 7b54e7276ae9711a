import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { alarmSettings } from '../../core/alarm-settings.ts';
import { OutsideTrouble, sentenceOf } from '../../core/errors.ts';
import type { ArmedService } from '../../core/service.ts';
import type { AlarmKeeper } from '../../ports/alarm-keeper.ts';
import { asking } from '../aws-errors.ts';
import { sideBySide } from '../side-by-side.ts';

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
    const astray = wanted.filter(({ arn, input }) => {
      const standing = found.MetricAlarms?.find(({ AlarmArn }) => AlarmArn === arn);
      return standing && COMPARED.some((key) => standing[key] !== input[key]);
    });
    // An update leaves the alarm's state as it is (PutMetricAlarm).
    const moved = await sideBySide(astray, AT_ONCE, ({ input }) =>
      asking(`move alarm ${input.AlarmName}`, () => client.send(new PutMetricAlarmCommand(input))),
    );
    throwAll(moved.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])));
    return astray.map(({ arn }) => arn);
  },
});

/** CloudWatch takes three PutMetricAlarm a second. */
const AT_ONCE = 3;

/** When all have been tried: the next sweep tries those again. @throws OutsideTrouble, or the only one */
function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new OutsideTrouble(errors.map(sentenceOf).join('; '), { cause: errors[0] });
}

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
