import type * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { ENVIRONMENT_DIMENSION, type Label, METRICS, type MetricName, NAMESPACE } from '../core/metrics.ts';

/** How a metric of ours is shown. */
export interface Shown {
  /** As CloudWatch spells it: `Sum`, `p95`. */
  readonly statistic: string;
  readonly period: cdk.Duration;
  readonly label?: string;
  readonly color?: string;
}

/** Makes metrics of one environment. @throws when it is told apart by labels that nothing is written with. */
export const metricsOf =
  (environment: string) =>
  (metricName: MetricName, labels: Partial<Record<Label, string>>, shown: Shown): cloudwatch.Metric => {
    const names = Object.keys(labels);
    const sets: readonly (readonly string[])[] = METRICS[metricName].by;
    if (!sets.some((set) => set.length === names.length && set.every((name) => names.includes(name))))
      throw new Error(`Cannot show ${metricName} by "${names.join(', ')}": it is not written so`);
    return new cloudwatch.Metric({
      namespace: NAMESPACE,
      metricName,
      dimensionsMap: { [ENVIRONMENT_DIMENSION]: environment, ...labels },
      ...shown,
    });
  };
