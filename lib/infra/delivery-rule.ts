import { createHash } from 'node:crypto';
import * as cdk from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

const LONGEST_RULE_NAME = 64;

/** EventBridge retries for 24 h by default: an alarm that old must not start anything. */
const RETRY_POLICY = { maximumEventAgeInSeconds: 300, maximumRetryAttempts: 20 };

export interface DeliveryRuleProps {
  /** Its physical name; the dead-letter queue takes letters of rules by the beginning of theirs. */
  readonly name: string;
  readonly description: string;
  /** Which events. @default - none: the rule has a schedule */
  readonly pattern?: events.EventPattern;
  /** When, such as `rate(1 minute)`. @default - no schedule: the rule has a pattern */
  readonly schedule?: string;
  /** ARN of what gets the whole event. */
  readonly target: string;
  /** ARN of the role that may start the target. @default - the target lets EventBridge in by itself */
  readonly role?: string;
  readonly deadLetters: sqs.IQueue;
}

/** A rule that gives up after 5 minutes and keeps what it could not deliver. */
export class DeliveryRule extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: DeliveryRuleProps) {
    super(scope, id);
    const { pattern, schedule, description } = props;
    const rule = new events.CfnRule(this, 'Rule', {
      name: shortened(props.name),
      description,
      ...(pattern && { eventPattern: cfnPattern(pattern) }),
      ...(schedule !== undefined && { scheduleExpression: schedule }),
      targets: [
        {
          id: 'Target',
          arn: props.target,
          ...(props.role !== undefined && { roleArn: props.role }),
          retryPolicy: RETRY_POLICY,
          deadLetterConfig: { arn: props.deadLetters.queueArn },
        },
      ],
    });
    rule.node.addDependency(props.deadLetters);
    this.arn = rule.attrArn;
  }
}

/** As EventBridge counts its length. */
export const cfnPattern = ({ source, detailType, resources, detail }: events.EventPattern) => ({
  source,
  'detail-type': detailType,
  resources,
  detail,
});

/** A name that fits: the same text always gives the same name. */
function shortened(name: string): string {
  if (cdk.Token.isUnresolved(name) || name.length <= LONGEST_RULE_NAME) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, LONGEST_RULE_NAME - hash.length - 1)}-${hash}`;
}
