import * as cdk from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { CallEntry, Service } from '../core/service.ts';

export interface PagesProps {
  /** Who is paged for every service. */
  readonly paged: readonly CallEntry[];
  /** Services whose runbooks name more people. */
  readonly services: readonly Service[];
}

/** What an administrator of a key does, action by action: the usual `kms:*` would be a wildcard. */
const KEY_ADMINISTRATION = [
  ['DescribeKey', 'GetKeyPolicy', 'PutKeyPolicy', 'GetKeyRotationStatus', 'EnableKeyRotation'],
  ['DisableKeyRotation', 'EnableKey', 'DisableKey', 'UpdateKeyDescription', 'CreateAlias', 'DeleteAlias'],
  ['ListKeyPolicies', 'ListResourceTags', 'TagResource', 'UntagResource', 'CreateGrant', 'ListGrants'],
  ['RevokeGrant', 'ScheduleKeyDeletion', 'CancelKeyDeletion', 'Encrypt', 'Decrypt', 'GenerateDataKey'],
].flatMap((actions) => actions.map((action) => `kms:${action}`));

/**
 * The topic that wakes people. It has a key of its own because alarms have to publish to it: CloudWatch may not use
 * the AWS-managed key `alias/aws/sns`, whose policy cannot be changed, and would fail without a word.
 */
export class Pages extends Construct {
  readonly topic: sns.Topic;
  readonly key: kms.Key;
  /** Topics that environment and runbooks name themselves: functions publish to them directly. */
  readonly otherTopics: readonly string[];
  /** The topic, and those that are paged for every service: what functions and Reinstate's own alarms call. */
  readonly everyTopic: readonly string[];

  constructor(scope: Construct, id: string, { paged, services }: PagesProps) {
    super(scope, id);
    this.key = new kms.Key(this, 'Key', {
      description: 'Encrypts pages of Reinstate',
      enableKeyRotation: true,
      removalPolicy: cdk.RemovalPolicy.DESTROY,
      policy: this.keyPolicy(),
    });
    this.topic = new sns.Topic(this, 'Topic', {
      displayName: 'Reinstate pages',
      masterKey: this.key,
      enforceSSL: true,
    });
    this.letAlarmsPublish();
    const everyone = [...paged, ...services.flatMap((service) => service.runbook.call)];
    this.otherTopics = topicsIn(everyone);
    this.everyTopic = [
      this.topic.topicArn,
      ...topicsIn(paged.filter((entry) => entry.afterSeconds === undefined)),
    ];
    for (const subscription of subscriptions(paged, services)) this.subscribe(subscription);
  }

  private keyPolicy(): iam.PolicyDocument {
    const administration = new iam.PolicyStatement({
      principals: [new iam.AccountRootPrincipal()],
      actions: KEY_ADMINISTRATION,
      resources: ['*'],
    });
    const alarms = new iam.PolicyStatement({
      principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: this.fromThisAccount(),
    });
    return new iam.PolicyDocument({ statements: [administration, alarms] });
  }

  private letAlarmsPublish(): void {
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: this.fromThisAccount(),
      }),
    );
  }

  private fromThisAccount() {
    return { StringEquals: { 'aws:SourceAccount': cdk.Stack.of(this).account } };
  }

  private subscribe({ kind, to, services }: Subscription): void {
    new sns.CfnSubscription(this, `Subscription-${kind}-${to}`, {
      topicArn: this.topic.topicArn,
      protocol: kind,
      endpoint: to,
      ...(services && { filterPolicy: { service: services } }),
    });
  }
}

const topicsIn = (entries: readonly CallEntry[]): string[] => [
  ...new Set(entries.filter((entry) => entry.kind === 'sns').map((entry) => entry.to)),
];

interface Subscription extends CallEntry {
  /** Only messages about these. @default - all messages, those of CloudWatch too */
  readonly services?: readonly string[];
}

/** One for each address: SNS refuses a second subscription of it with another filter. */
function subscriptions(paged: readonly CallEntry[], services: readonly Service[]): Subscription[] {
  const found = new Map<string, Subscription>();
  for (const entry of paged) found.set(addressOf(entry), entry);
  for (const { name, runbook } of services) {
    for (const entry of runbook.call) {
      const before = found.get(addressOf(entry));
      if (before && !before.services) continue;
      found.set(addressOf(entry), { ...entry, services: [...(before?.services ?? []), name] });
    }
  }
  return [...found.values()].filter(({ kind }) => kind === 'email' || kind === 'https');
}

const addressOf = ({ kind, to }: CallEntry): string => `${kind} ${to}`;
