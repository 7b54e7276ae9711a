import * as cdk from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Reinstate, type ReinstateProps } from './reinstate.ts';

/** One environment as a stack of its own, `reinstate-<env>`. */
export class EnvironmentStack extends cdk.Stack {
  constructor(scope: Construct, props: ReinstateProps) {
    const { name, account, region } = props.environment;
    super(scope, `reinstate-${name}`, {
      env: { account, region },
      description: `Reinstate for the services of ${name}`,
    });
    const reinstate = new Reinstate(this, 'Reinstate', props);
    const outputs = {
      StateMachineArn: reinstate.stateMachine.stateMachineArn,
      TableName: reinstate.table.tableName,
      ReportsBucket: reinstate.reports.bucketName,
      PagesTopicArn: reinstate.pages.topicArn,
    };
    for (const [id, value] of Object.entries(outputs)) new cdk.CfnOutput(this, id, { value });
  }
}
