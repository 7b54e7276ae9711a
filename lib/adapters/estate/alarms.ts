import {
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmsCommand,
  type MetricAlarm as Described,
} from '@aws-sdk/client-cloudwatch';
import type { Environment } from '../../core/environment.ts';
import type { FoundAlarm, Listed, MetricAlarm } from '../../core/estate.ts';
import type { MissingData } from '../../core/service.ts';
import { asking } from '../aws-errors.ts';
import { accountChecked } from './account.ts';
import { pagesOf } from './pages.ts';

/** DescribeAlarms gives 100 in a page at most. */
const PAGE = 100;
const MOST_PAGES = 50;

/** Alarms by the beginning of their names. Without AlarmTypes composite ones would be left out. */
export const listAlarms = (
  client: CloudWatchClient,
  environment: Environment,
  prefix: string | undefined,
): Promise<Listed<FoundAlarm>> =>
  pagesOf(MOST_PAGES, async (NextToken) => {
    const command = new DescribeAlarmsCommand({
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: PAGE,
      ...(prefix && { AlarmNamePrefix: prefix }),
      NextToken,
    });
    const page = await asking('read the alarms', () => client.send(command));
    const { MetricAlarms: metric = [], CompositeAlarms: composites = [] } = page;
    for (const { AlarmArn } of [...metric, ...composites]) accountChecked(environment, AlarmArn);
    return { items: [...metric.map(metricAlarm), ...composites.map(composite)], next: page.NextToken };
  });

const composite = ({ AlarmName: name = '' }: CompositeAlarm): FoundAlarm => ({
  kind: 'other',
  name,
  why: 'it is a composite alarm; name the alarms that it is made of',
});

const COMPARISONS: Readonly<Record<string, MetricAlarm['is']>> = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '>=',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
};

/** `notBreaching` takes silence for health: that is no proof here, so it is left open. */
const MISSING: Readonly<Record<string, MissingData>> = {
  breaching: 'breach',
  ignore: 'wait',
  missing: 'inconclusive',
};

function metricAlarm(alarm: Described): FoundAlarm {
  const { AlarmName: name = '', AlarmArn: arn = '', Threshold: threshold } = alarm;
  const is = COMPARISONS[alarm.ComparisonOperator ?? ''];
  const measured = seriesOf(alarm);
  if (!measured)
    return { kind: 'other', name, why: 'it is on metric math, on a query, or on several metrics' };
  if (!is || threshold === undefined)
    return { kind: 'other', name, why: 'it has no fixed threshold (anomaly detection)' };
  const of = alarm.EvaluationPeriods ?? 1;
  return {
    kind: 'metric',
    ...measured,
    name,
    arn,
    is,
    threshold,
    of,
    datapoints: alarm.DatapointsToAlarm ?? of,
    missing: MISSING[alarm.TreatMissingData ?? ''],
    inAlarm: alarm.StateValue === 'ALARM',
  };
}

type Series = Pick<MetricAlarm, 'metric' | 'statistic' | 'periodSeconds' | 'unit'>;

/** The one metric that it is on, named by itself or as the only entry of `Metrics`. */
function seriesOf(alarm: Described): Series | undefined {
  const [only, ...others] = alarm.Metrics ?? [];
  if (only && (others.length > 0 || !only.MetricStat)) return undefined;
  const from = only?.MetricStat;
  const metric = from?.Metric ?? alarm;
  const statistic = from?.Stat ?? alarm.ExtendedStatistic ?? alarm.Statistic;
  const periodSeconds = from?.Period ?? alarm.Period;
  if (!metric.Namespace || !metric.MetricName || !statistic || !periodSeconds) return undefined;
  const dimensions = (metric.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]);
  return {
    metric: {
      namespace: metric.Namespace,
      name: metric.MetricName,
      dimensions: Object.fromEntries(dimensions) as Record<string, string>,
    },
    statistic,
    periodSeconds,
    unit: from ? from.Unit : alarm.Unit,
  };
}
