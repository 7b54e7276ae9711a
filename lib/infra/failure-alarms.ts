import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AT_THE_FIRST } from './at-the-first.ts';

export interface FailureAlarmsProps {
  /** Name of the environment. */
  readonly environment: string;
  /** ARN of the incident machine. */
  readonly machine: string;
  readonly alarmActions: readonly string[];
}

/** How an execution can end badly, as Step Functions counts it (AWS docs, "Monitoring Step Functions metrics"). */
const BAD_ENDS = {
  Failed: 'failed: the sweeper takes its incident over, once',
  TimedOut: 'ran out of time: the sweeper closes its incident',
  Aborted: 'was stopped: the sweeper closes its incident as cancelled, and the hold stays',
} as const;

/** People hear of an execution that ended badly by a path that needs no function of ours. */
export class FailureAlarms extends Construct {
  constructor(scope: Construct, id: string, { environment, machine, alarmActions }: FailureAlarmsProps) {
    super(scope, id);
    for (const [end, meaning] of Object.entries(BAD_ENDS)) {
      const what = meaning.slice(0, meaning.indexOf(':'));
      new cloudwatch.CfnAlarm(this, end, {
        alarmName: `Reinstate ${environment}: an execution ${what}`,
        alarmDescription: `An execution of the incident machine ${meaning}. See: reinstate incidents`,
        namespace: 'AWS/States',
        metricName: `Executions${end}`,
        dimensions: [{ name: 'StateMachineArn', value: machine }],
        statistic: 'Sum',
        ...AT_THE_FIRST,
        alarmActions: [...alarmActions],
      });
    }
  }
}
