/** Publishes every slice of five seconds to CloudWatch, so that each period of ten seconds holds two. */
import {
  CloudWatchClient,
  type MetricDatum,
  PutMetricDataCommand,
  type StandardUnit,
} from '@aws-sdk/client-cloudwatch';
import type { Traffic } from '../traffic/requests.ts';
import { type Measured, measure } from './measure.ts';

/** Where the metrics of a service go. */
export interface Series {
  readonly namespace: string;
  readonly service: string;
  /** Work that waits. @default - the service has none */
  readonly backlog?: () => Promise<number | undefined>;
}

const SLICE_MS = 5000;
// Requests that were sent at the end of a slice get this long to be answered.
const SETTLE_MS = 1100;

export function publishForever(traffic: Traffic, series: Series): void {
  const client = new CloudWatchClient({ maxAttempts: 2 });
  const next = SLICE_MS - (Date.now() % SLICE_MS) + SETTLE_MS;
  setTimeout(() => {
    publishForever(traffic, series);
    void publishSlice(client, traffic, series);
  }, next).ref();
}

/** Slices follow the clock and carry their own start: no datapoint mixes requests from before and after a period's start. */
async function publishSlice(client: CloudWatchClient, traffic: Traffic, series: Series): Promise<void> {
  const end = Math.floor(Date.now() / SLICE_MS) * SLICE_MS;
  const measured = measure(traffic.between(end - SLICE_MS, end));
  try {
    const backlog = await series.backlog?.();
    const MetricData = data({ ...measured, backlog }, series.service, new Date(end - SLICE_MS));
    await client.send(new PutMetricDataCommand({ Namespace: series.namespace, MetricData }));
  } catch (error) {
    console.error(`cannot publish the metrics of ${new Date(end).toISOString()}:`, error);
  }
}

type Slice = Measured & { readonly backlog: number | undefined };

function data(measured: Slice, service: string, Timestamp: Date): MetricDatum[] {
  const Dimensions = [{ Name: 'service', Value: service }];
  const base = { Dimensions, Timestamp, StorageResolution: 1 };
  const one = (MetricName: string, Value: number, Unit: StandardUnit): MetricDatum => ({
    ...base,
    MetricName,
    Value,
    Unit,
  });
  return [
    one('requests', measured.requests, 'Count'),
    ...Object.entries(measured.byVersion)
      .filter(([version]) => version !== '')
      .map(([Value, count]) => ({
        ...one('requests', count, 'Count'),
        Dimensions: [...Dimensions, { Name: 'version', Value }],
      })),
    // No requests is no ratio: silence is missing data, never health.
    ...(measured.requests > 0 ? [one('error-ratio', measured.errorRatio, 'None')] : []),
    ...(measured.backlog === undefined ? [] : [one('backlog', measured.backlog, 'Count')]),
    ...(measured.auc === undefined ? [] : [one('auc', measured.auc, 'None')]),
    ...(measured.requests > 0
      ? [{ ...base, MetricName: 'latency', Values: [...measured.latencies], Unit: 'Milliseconds' as const }]
      : []),
  ];
}
