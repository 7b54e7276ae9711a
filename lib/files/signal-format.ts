import * as z from 'zod';
import { type MissingData, UNITS } from '../core/service.ts';
import { duration, mapping, oneOf, says, text } from './forms.ts';

const STATISTIC = /^(p(\d{1,2}(\.\d{1,4})?|100)|Average|Sum|Minimum|Maximum|SampleCount)$/;
const STATISTICS = 'one of p0 to p100, Average, Sum, Minimum, Maximum, SampleCount';
const MISSING = ['breach', 'wait', 'inconclusive'] as const satisfies readonly MissingData[];
const MOST_DIMENSIONS = 30;
const ALARM = /^arn:aws[a-z-]*:cloudwatch:[a-z0-9-]+:\d{12}:alarm:[^\s:][\x20-\x7e]{0,254}$/;

export const cloudwatchText = (what: string) =>
  text(/^[^\s:][\x20-\x7e]{0,254}$/, `not a ${what}`, `the ${what} of a CloudWatch metric`);

/** CloudWatch's `Period`: 10, 20 and 30 s are for high-resolution metrics. */
export const period = duration.refine(
  (seconds) => [10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0),
  {
    error: says('CloudWatch has no such period', '10 s, 20 s, 30 s or whole minutes'),
  },
);

const dimensions = z
  .record(cloudwatchText('dimension name'), cloudwatchText('dimension value'), {
    error: says('not a mapping', 'dimensions such as { service: recommender }'),
  })
  .refine((all) => Object.keys(all).length <= MOST_DIMENSIONS, {
    error: says('too many dimensions', `at most ${MOST_DIMENSIONS}`),
  });

export const metricFormat = mapping({
  namespace: cloudwatchText('namespace').describe('Namespace of the metric'),
  name: cloudwatchText('metric name').describe('Name of the metric'),
  dimensions: dimensions.default({}).describe('Dimensions that pick the series'),
});

/** One measured series. */
export const signalFormat = mapping({
  metric: metricFormat.describe('The CloudWatch metric'),
  statistic: text(STATISTIC, 'statistic is unknown', STATISTICS).describe(
    'A percentile such as p95, or Average, Sum, Minimum, Maximum, SampleCount',
  ),
  period: period.describe('Length of one datapoint: 10 s, 20 s, 30 s or whole minutes'),
  unit: oneOf(UNITS).describe('Unit that the metric is published in'),
  lag: duration
    .prefault('0 s')
    .describe('How long after the switch datapoints still speak of the time before'),
  missing: oneOf(MISSING)
    .default('inconclusive')
    .describe('A period without data is: breach, a bad one; wait, ignored; inconclusive, unknown'),
  alarm: text(
    ALARM,
    'not the ARN of an alarm',
    'an ARN such as arn:aws:cloudwatch:eu-west-1:111122223333:alarm:latency',
  )
    .optional()
    .describe('An existing CloudWatch alarm to use instead of one of our own'),
}).superRefine((signal, context) => {
  // AWS publishes per minute at best: an alarm on 10 s would sit in INSUFFICIENT_DATA.
  if (signal.period >= 60 || !signal.metric.namespace.startsWith('AWS/')) return;
  const message = says(
    `metrics of ${signal.metric.namespace} have no datapoints under a minute`,
    '1 min or more',
  );
  context.addIssue({ code: 'custom', path: ['period'], message });
});

export type WrittenSignal = z.output<typeof signalFormat>;
