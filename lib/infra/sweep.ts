import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENVIRONMENT_DIMENSION, HEARTBEAT_METRIC, NAMESPACE } from '../core/metrics.ts';
import { AT_THE_FIRST } from './at-the-first.ts';
import { DeliveryRule } from './delivery-rule.ts';

export interface SweepProps {
  /** Name of the environment. */
  readonly environment: string;
  readonly sweeper: lambda.Function;
  /** ARN of the incident machine. */
  readonly machine: string;
  readonly deadLetters: sqs.IQueue;
  /** What the alarms of this construct call. */
  readonly alarmActions: readonly string[];
}

/** Runs the sweeper every minute, and at once when an execution ends badly; pages when it stops. */
export class Sweep extends Construct {
  readonly #props: SweepProps;

  constructor(scope: Construct, id: string, props: SweepProps) {
    super(scope, id);
    this.#props = props;
    // The next minute brings the next sweep, but nobody repeats the event of an execution that ended badly. Lambda
    // cannot tell the two apart; a sweep too many does nothing.
    props.sweeper.configureAsyncInvoke({ retryAttempts: 2, maxEventAge: cdk.Duration.minutes(10) });
    this.run('EveryMinute', { schedule: 'rate(1 minute)', description: 'Looks after all running incidents' });
    this.run('Watch', {
      pattern: badEndOf(props.machine),
      description: 'An execution ended badly: sweep now, not in a minute (best effort)',
    });
    this.watchHeartbeat();
    this.watchDeadLetters();
  }

  private run(
    id: string,
    when: { description: string; schedule?: string; pattern?: events.EventPattern },
  ): void {
    const { environment, sweeper, deadLetters } = this.#props;
    const name = `reinstate-${environment}-sweeper.${id.toLowerCase()}`;
    const rule = new DeliveryRule(this, id, { ...when, name, target: sweeper.functionArn, deadLetters });
    sweeper.addPermission(id, {
      principal: new iam.ServicePrincipal('events.amazonaws.com'),
      sourceArn: rule.arn,
    });
  }

  private watchHeartbeat(): void {
    const { environment, alarmActions } = this.#props;
    new cloudwatch.CfnAlarm(this, 'Silent', {
      alarmName: `Reinstate ${environment}: the sweeper is silent`,
      alarmDescription: 'No sweep in 3 minutes: incidents that fail are neither taken over nor closed',
      namespace: NAMESPACE,
      metricName: HEARTBEAT_METRIC,
      dimensions: [{ name: ENVIRONMENT_DIMENSION, value: environment }],
      statistic: 'SampleCount',
      period: 60,
      evaluationPeriods: 3,
      datapointsToAlarm: 3,
      threshold: 1,
      comparisonOperator: 'LessThanThreshold',
      treatMissingData: 'breaching',
      alarmActions: [...alarmActions],
    });
  }

  private watchDeadLetters(): void {
    const { environment, alarmActions, deadLetters } = this.#props;
    new cloudwatch.CfnAlarm(this, 'Undelivered', {
      alarmName: `Reinstate ${environment}: events were not delivered`,
      alarmDescription: 'EventBridge could not start an incident or the sweeper; the events are in the queue',
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensions: [{ name: 'QueueName', value: deadLetters.queueName }],
      statistic: 'Maximum',
      ...AT_THE_FIRST,
      alarmActions: [...alarmActions],
    });
  }
}

const badEndOf = (machine: string): events.EventPattern => ({
  source: ['aws.states'],
  detailType: ['Step Functions Execution Status Change'],
  detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [machine] },
});
