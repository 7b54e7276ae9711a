import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandOutput,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { OutsideTrouble } from '../../core/errors.ts';
import type { ArmedService, Signal } from '../../core/service.ts';
import type { AlarmReading, Datapoint } from '../../core/verdict.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { asking } from '../aws-errors.ts';

/** Metrics and alarms of CloudWatch. */
export const cloudwatchSignals = ({ client }: { readonly client: CloudWatchClient }): SignalReader => ({
  datapoints: (signal, from, to) => datapoints(client, signal, { from, to }),
  alarms: (alarms) => readings(client, alarms),
});

/** Epoch ms, `to` excluded. */
interface Span {
  readonly from: number;
  readonly to: number;
}

async function datapoints(client: CloudWatchClient, signal: Signal, span: Span): Promise<Datapoint[]> {
  if (span.to <= span.from) return [];
  const pages = await allPages(client, signal, span);
  const last = pages.at(-1)?.StatusCode;
  if (last !== undefined && last !== 'Complete') {
    throw new OutsideTrouble(`Cannot read signal "${signal.name}": CloudWatch answered ${last}`);
  }
  const found = pages.flatMap(({ Timestamps = [], Values = [] }) =>
    Timestamps.map((time, n) => ({ at: time.getTime(), value: Values[n] ?? Number.NaN })),
  );
  return found
    .filter(({ at, value }) => at >= span.from && at < span.to && Number.isFinite(value))
    .sort((a, b) => a.at - b.at);
}

/** The result of one query, page after page; only the last one says whether it is complete. */
async function allPages(client: CloudWatchClient, signal: Signal, span: Span): Promise<MetricDataResult[]> {
  const results: MetricDataResult[] = [];
  let NextToken: string | undefined;
  do {
    const command = new GetMetricDataCommand({ ...queryOf(signal, span), NextToken });
    const page = await asking(`read signal "${signal.name}"`, () => client.send(command));
    results.push(...(page.MetricDataResults ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return results;
}

/** Times on the period's grid: others CloudWatch rounds by itself, and then the first period is not whole. */
function queryOf(signal: Signal, { from, to }: Span): GetMetricDataCommandInput {
  const { namespace: Namespace, name: MetricName, dimensions } = signal.metric;
  const period = signal.periodSeconds * 1000;
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace, MetricName, Dimensions };
  const MetricStat = { Metric, Period: signal.periodSeconds, Stat: signal.statistic };
  return {
    MetricDataQueries: [{ Id: 'signal', MetricStat, ReturnData: true }],
    StartTime: new Date(Math.floor(from / period) * period),
    EndTime: new Date(Math.ceil(to / period) * period),
    ScanBy: 'TimestampAscending',
  };
}

type Armed = ArmedService['alarms'][number];
type Described = NonNullable<DescribeAlarmsCommandOutput['MetricAlarms']>[number] &
  NonNullable<DescribeAlarmsCommandOutput['CompositeAlarms']>[number];

/** DescribeAlarms takes at most this many names. */
const MOST_NAMES = 100;

async function readings(client: CloudWatchClient, alarms: ArmedService['alarms']): Promise<AlarmReading[]> {
  const names = [...new Set(alarms.map(({ arn }) => nameIn(arn)))];
  const described: Described[] = [];
  for (let n = 0; n < names.length; n += MOST_NAMES) {
    described.push(...(await describeAlarms(client, names.slice(n, n + MOST_NAMES))));
  }
  return alarms.map((armed) =>
    readingOf(
      armed,
      described.find((found) => found.AlarmArn === armed.arn),
    ),
  );
}

/** `arn:aws:cloudwatch:<region>:<account>:alarm:<name>`; a name may hold colons itself. */
const nameIn = (arn: string): string => arn.split(':').slice(6).join(':');

async function describeAlarms(client: CloudWatchClient, AlarmNames: string[]): Promise<Described[]> {
  const found: Described[] = [];
  let NextToken: string | undefined;
  do {
    // Without AlarmTypes only metric alarms come back.
    const AlarmTypes = ['MetricAlarm', 'CompositeAlarm'] as const;
    const command = new DescribeAlarmsCommand({ AlarmNames, AlarmTypes: [...AlarmTypes], NextToken });
    const page = await asking('read the alarms', () => client.send(command));
    found.push(...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

function readingOf({ arn, condition }: Armed, found: Described | undefined): AlarmReading {
  if (!found) return { arn, state: 'MISSING', since: 0, windowSeconds: 0 };
  const since = found.StateTransitionedTimestamp ?? found.StateUpdatedTimestamp;
  const windowSeconds = periodOf(found) * (found.EvaluationPeriods ?? condition.of);
  return { arn, state: stateOf(found), since: since?.getTime() ?? 0, windowSeconds };
}

/**
 * An alarm that CloudWatch could not evaluate fully (PARTIAL_DATA, EVALUATION_ERROR, EVALUATION_FAILURE) is never
 * read better than it is: ALARM stays ALARM, and the metric itself decides; OK proves nothing.
 */
function stateOf({ StateValue, EvaluationState }: Described): AlarmReading['state'] {
  if (StateValue === 'ALARM') return 'ALARM';
  return StateValue === 'OK' && !EvaluationState ? 'OK' : 'INSUFFICIENT_DATA';
}

/** A composite alarm has no period of its own: a minute, as most of its children have. */
const DEFAULT_PERIOD_SECONDS = 60;

const periodOf = ({ Period, Metrics = [] }: Described): number => {
  const periods = Metrics.map((m) => m.Period ?? m.MetricStat?.Period ?? 0);
  return Period ?? (Math.max(0, ...periods) || DEFAULT_PERIOD_SECONDS);
};
