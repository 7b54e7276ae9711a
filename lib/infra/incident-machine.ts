import * as cdk from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { stateMachineName } from '../core/environment.ts';
import type { FunctionName } from '../core/function-env.ts';
import { IncidentTasks } from './incident-tasks.ts';
import { NarrowRole } from './narrow-role.ts';
import { machinePermissions } from './permissions.ts';

/** The functions that the machine invokes: all but the sweeper. */
export type StageName = Exclude<FunctionName, 'sweeper'>;

/** Longer than any deadline (30 min), so that verify-recovery and not the platform ends an incident. */
const MACHINE_TIMEOUT = cdk.Duration.minutes(35);

export interface IncidentMachineProps {
  /** Name of the environment. */
  readonly environment: string;
  readonly functions: Readonly<Record<StageName, lambda.IFunction>>;
  /** How long the log of executions is kept. */
  readonly logRetention: logs.RetentionDays;
}

/** alarm -> incident -> plan -> held -> receipts -> verdict -> closing report, with Lambda tasks only. */
export class IncidentMachine extends Construct {
  readonly machine: sfn.StateMachine;

  constructor(scope: Construct, id: string, props: IncidentMachineProps) {
    super(scope, id);
    const name = stateMachineName(props.environment);
    const functions = Object.values(props.functions).map((f) => f.functionArn);
    const { role } = new NarrowRole(this, 'Access', {
      service: 'states.amazonaws.com',
      permissions: machinePermissions(functions),
    });
    this.machine = new sfn.StateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: sfn.StateMachineType.STANDARD,
      definitionBody: sfn.DefinitionBody.fromChainable(this.definition(props.functions)),
      timeout: MACHINE_TIMEOUT,
      tracingEnabled: true,
      logs: {
        destination: this.log(name, props.logRetention),
        level: sfn.LogLevel.ALL,
        includeExecutionData: false,
      },
      role,
    });
  }

  /** Log delivery grows one resource policy for all groups outside this prefix, until it is full. */
  private log(name: string, retention: logs.RetentionDays): logs.LogGroup {
    const logGroupName = `/aws/vendedlogs/states/${name}`;
    return new logs.LogGroup(this, 'Logs', {
      logGroupName,
      retention,
      removalPolicy: cdk.RemovalPolicy.DESTROY,
    });
  }

  private definition(functions: IncidentMachineProps['functions']): sfn.IChainable {
    const tasks = new IncidentTasks(this, functions);
    const next = new sfn.Choice(this, 'NextStage', { comment: 'Every stage says which one is next' });
    const close = tasks.stage('close-incident').next(next);
    const stage = (name: 'plan-rollback' | 'hold-promotion' | 'verify-recovery') =>
      tasks.stage(name).addCatch(close, { resultPath: '$.error' });
    const verify = stage('verify-recovery');
    const apply = tasks.rung('apply').next(tasks.rung('settle')).next(verify);
    const wait = new sfn.Wait(this, 'WaitForDatapoints', {
      time: sfn.WaitTime.secondsPath('$.waitSeconds'),
    }).next(verify);
    const says = (word: string) => sfn.Condition.stringEquals('$.next', word);
    next
      .when(says('plan'), stage('plan-rollback').next(next))
      .when(says('hold'), stage('hold-promotion').next(next))
      .when(says('apply'), apply)
      .when(says('verify'), verify.next(next))
      .when(says('wait'), wait)
      .when(says('close'), close)
      .otherwise(new sfn.Succeed(this, 'Done'));
    return tasks.open().next(next);
  }
}
