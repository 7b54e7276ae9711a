/**
 * Figures as lines of a function's log, in CloudWatch's embedded metric format: CloudWatch makes metrics of them without
 * a call or a permission of ours (AWS docs, "Specification: Embedded metric format").
 */
import { sentenceOf } from '../core/errors.ts';
import {
  ENVIRONMENT_DIMENSION,
  METRICS,
  type Measurement,
  type MetricName,
  NAMESPACE,
} from '../core/metrics.ts';
import type { Meter } from '../ports/meter.ts';

export interface EmfMeterDeps {
  readonly environment: string;
  /** Takes a line without its end. @default - standard output, past the console: Lambda's puts words before a line */
  readonly write?: (line: string) => void;
}

export const emfMeter = ({ environment, write = toStandardOutput }: EmfMeterDeps): Meter => ({
  record: (measure) => {
    try {
      for (const measurement of measure()) write(emfLine(environment, measurement));
    } catch (error) {
      write(JSON.stringify({ level: 'ERROR', message: 'figures not written', text: sentenceOf(error) }));
    }
  },
});

const toStandardOutput = (line: string): void => void process.stdout.write(`${line}\n`);

/** One document of the format: its metrics and dimensions are members of the root. */
export function emfLine(environment: string, { at, labels, values }: Measurement): string {
  const CloudWatchMetrics = (Object.keys(values) as MetricName[]).map((name) => ({
    Namespace: NAMESPACE,
    Dimensions: METRICS[name].by.map((by) => [ENVIRONMENT_DIMENSION, ...by]),
    Metrics: [{ Name: name, Unit: METRICS[name].unit }],
  }));
  return JSON.stringify({
    _aws: { Timestamp: at, CloudWatchMetrics },
    [ENVIRONMENT_DIMENSION]: environment,
    ...labels,
    ...values,
  });
}
