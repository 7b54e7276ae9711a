import { describe, expect, it } from '@jest/globals';
import * as cdk from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { anEnvironment, aStack, CLUSTERS, checkedApp, NETWORK } from './helpers/deployment.ts';

const KEY = cdk.Validations.ACKNOWLEDGED_RULES_METADATA_KEY;

/** What was acknowledged, as `<finding>: <reason>`. */
const acknowledged = (stack: cdk.Stack): string[] =>
  stack.node
    .findAll()
    .flatMap((construct) => construct.node.metadata.filter(({ type }) => type === KEY))
    .flatMap(({ data }) => Object.entries(data as Record<string, string>))
    .map(([finding, reason]) => `${finding.replace(/^Annotation::/, '')}: ${reason}`);

/** With all there can be. */
const fullStack = () =>
  aStack({ environment: anEnvironment({ clusters: CLUSTERS }), clusterNetwork: NETWORK });

describe('cdk-nag', () => {
  it('finds nothing but what is acknowledged', () => {
    const stack = fullStack();

    expect(new AwsSolutionsChecks(stack).validateScope(stack).violations).toEqual([]);
  });

  it('acknowledges these findings, each for its reason, and no others', () => {
    expect(new Set(acknowledged(fullStack()))).toMatchInlineSnapshot(`
Set {
  "AwsSolutions-S1: Reports are versioned, and written by two functions only; access logs would need a second bucket",
  "AwsSolutions-IAM5[Resource::*]: GetMetricData has no resource-level permissions; DescribeAlarms answers for composite alarms only when it is allowed on *",
  "AwsSolutions-IAM5[Resource::arn:aws:states:eu-west-1:111122223333:execution:reinstate-prod-incident:*]: Executions of our machine are named by EventBridge and by people",
  "AwsSolutions-IAM5[Resource::*]: X-Ray has no resource-level permissions for writing traces",
  "AwsSolutions-IAM5[Resource::*]: No deploy knows the network interfaces that Lambda makes",
  "AwsSolutions-IAM5[Resource::<ReinstateStorageReports8CE01619.Arn>/*]: Reports are named by incident and fence, which no deploy knows",
  "AwsSolutions-IAM5[Resource::*]: PutMetricData has no resource-level permissions; the condition narrows it to our namespace",
  "AwsSolutions-IAM5[Resource::*]: Log delivery has no resource-level permissions",
  "AwsSolutions-SQS3: This queue is the dead-letter queue; its depth is watched by an alarm",
}
`);
  });

  it('fails synth on any new finding', () => {
    const stack = aStack({ app: checkedApp() });
    new s3.Bucket(stack, 'Open');
    // The error holds what was found, also where NODE_ENV is not that of a test.
    process.env['CDK_APP_MODE'] = 'inmemory';

    expect(() => (stack.node.root as cdk.App).synth()).toThrow(/AwsSolutions-S10/);
  });
});
