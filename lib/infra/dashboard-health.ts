/** The rows about ourselves: alarms, functions, executions, events that were not delivered. */
import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { FunctionName } from '../core/function-env.ts';

/** What Reinstate itself is made of. */
export interface Plumbing {
  /** Our own alarms, and those that start incidents. */
  readonly alarms: { readonly own: Alarms; readonly services: Alarms };
  readonly functions: Readonly<Record<FunctionName, lambda.Function>>;
  /** ARN of the incident machine. */
  readonly machine: string;
  readonly deadLetters: sqs.IQueue;
}

type Alarms = readonly cloudwatch.CfnAlarm[];
type Row = readonly cloudwatch.IWidget[];

/** The alarms that were made below a construct. */
export const alarmsBelow = (...scopes: readonly IConstruct[]): cloudwatch.CfnAlarm[] =>
  scopes.flatMap((scope) => scope.node.findAll()).filter((node) => node instanceof cloudwatch.CfnAlarm);

const PERIOD = cdk.Duration.minutes(5);
/** CloudWatch shows no more in one widget. */
const MOST_ALARMS = 100;

export const healthRows = (plumbing: Plumbing): Row[] => [
  alarmRow(plumbing),
  [functionErrors(plumbing), executions(plumbing), deadLetters(plumbing)],
];

function alarmRow({ alarms }: Plumbing): Row {
  const own = alarmWidget('Is Reinstate well?', alarms.own);
  const services = alarms.services.slice(0, MOST_ALARMS);
  if (services.length === 0) return [own];
  const some = services.length < alarms.services.length ? ` (the first ${MOST_ALARMS})` : '';
  return [own, alarmWidget(`Alarms made for services: they start incidents${some}`, services)];
}

const alarmWidget = (title: string, alarms: Alarms): cloudwatch.IWidget =>
  new cloudwatch.AlarmStatusWidget({ title, width: 12, height: 4, alarms: [...alarms] });

const functionErrors = ({ functions }: Plumbing): cloudwatch.IWidget =>
  new cloudwatch.GraphWidget({
    title: 'Errors of functions',
    width: 8,
    left: Object.entries(functions).map(([label, made]) => made.metricErrors({ label, period: PERIOD })),
    leftYAxis: { min: 0, showUnits: false },
  });

const executions = ({ machine }: Plumbing): cloudwatch.IWidget =>
  new cloudwatch.GraphWidget({
    title: 'Executions of the incident machine',
    width: 8,
    left: ['Started', 'Failed', 'TimedOut', 'Aborted'].map(
      (end) =>
        new cloudwatch.Metric({
          namespace: 'AWS/States',
          metricName: `Executions${end}`,
          dimensionsMap: { StateMachineArn: machine },
          statistic: 'Sum',
          period: PERIOD,
          label: end.toLowerCase().replace('out', ' out'),
        }),
    ),
    leftYAxis: { min: 0, showUnits: false },
  });

const deadLetters = ({ deadLetters: queue }: Plumbing): cloudwatch.IWidget =>
  new cloudwatch.GraphWidget({
    title: 'Events that were not delivered',
    width: 8,
    left: [
      queue.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: PERIOD,
        label: 'in the queue',
      }),
    ],
    leftYAxis: { min: 0, showUnits: false },
  });
