/** How CloudWatch is told of an alarm: by the deploy, and by the sweeper once its reference is known. */
import type { ServiceAlarm } from './alarms.ts';
import { conditionWords } from './condition.ts';
import { type Condition, type MissingData, type Service, signalNamed } from './service.ts';

const OPERATORS = {
  '>': 'GreaterThanThreshold',
  '>=': 'GreaterThanOrEqualToThreshold',
  '<': 'LessThanThreshold',
  '<=': 'LessThanOrEqualToThreshold',
} as const satisfies Record<Condition['is'], string>;

const TREAT_MISSING = {
  breach: 'breaching',
  wait: 'ignore',
  inconclusive: 'missing',
} as const satisfies Record<MissingData, string>;

/** What no measured value reaches: an alarm that has no reference yet does not fire. */
const OUT_OF_REACH = 1e15;

/** Keys as CloudFormation has them; the API's begin with a capital. */
export function alarmSettings(
  service: Service,
  { name, condition }: Pick<ServiceAlarm, 'name' | 'condition'>,
) {
  const { metric, statistic, periodSeconds, missing } = signalNamed(service, condition.signal);
  const { is, datapoints, of } = condition;
  const percentile = /^p\d/.test(statistic);
  return {
    alarmName: name,
    alarmDescription: `Opens an incident of ${service.name}: ${conditionWords(condition)} for ${datapoints} of ${of}`,
    namespace: metric.namespace,
    metricName: metric.name,
    dimensions: Object.entries(metric.dimensions).map(([key, value]) => ({ name: key, value })),
    period: periodSeconds,
    // With few samples a percentile is chance: such periods leave the alarm as it is.
    ...(percentile
      ? { extendedStatistic: statistic, evaluateLowSampleCountPercentile: 'ignore' }
      : { statistic }),
    evaluationPeriods: of,
    datapointsToAlarm: datapoints,
    threshold: condition.threshold ?? (is.startsWith('<') ? -OUT_OF_REACH : OUT_OF_REACH),
    comparisonOperator: OPERATORS[is],
    treatMissingData: TREAT_MISSING[missing],
  };
}
