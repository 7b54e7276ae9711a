import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { FUNCTION_NAMES } from '../../lib/core/function-env.ts';
import type { CallEntry } from '../../lib/core/service.ts';
import {
  aChannel,
  anEnvironment,
  aService,
  functionIn,
  GIT_SECRET,
  resources,
  SLACK_SECRET,
  templateOf,
} from './helpers/deployment.ts';
import { statementsOf } from './helpers/policy.ts';

const calling = (name: string, ...call: CallEntry[]) =>
  aService({ name, runbook: { goalSeconds: 300, preApproved: [], call } });
const anna: CallEntry = { kind: 'email', to: 'anna@example.com' };
const desk: CallEntry = { kind: 'https', to: 'https://pages.example.com/desk' };

const subscriptions = (paged: CallEntry[], ...services: ReturnType<typeof calling>[]) =>
  Object.values(
    resources(templateOf({ environment: anEnvironment({ paged }), services }), 'AWS::SNS::Subscription'),
  ).map(({ Properties: { Protocol, Endpoint, FilterPolicy } }) => ({
    Protocol,
    Endpoint,
    ...(FilterPolicy && { FilterPolicy }),
  }));

describe('the pages topic', () => {
  it('sends everything to those that the environment names', () => {
    expect(subscriptions([anna, desk], calling('a'))).toEqual([
      { Protocol: 'email', Endpoint: anna.to },
      { Protocol: 'https', Endpoint: desk.to },
    ]);
  });

  it('sends to those that a runbook names what is about their service', () => {
    expect(subscriptions([], calling('a', anna))).toEqual([
      { Protocol: 'email', Endpoint: anna.to, FilterPolicy: { service: ['a'] } },
    ]);
  });

  it('subscribes an address once, for all of its services: SNS takes it only once', () => {
    expect(subscriptions([], calling('a', anna), calling('b', desk, anna))).toEqual([
      { Protocol: 'email', Endpoint: anna.to, FilterPolicy: { service: ['a', 'b'] } },
      { Protocol: 'https', Endpoint: desk.to, FilterPolicy: { service: ['b'] } },
    ]);
    expect(subscriptions([anna], calling('a', anna))).toEqual([{ Protocol: 'email', Endpoint: anna.to }]);
  });

  it('is not alone: every function that pages knows the topics that the environment names', () => {
    const oncall: CallEntry = { kind: 'sns', to: 'arn:aws:sns:eu-west-1:111122223333:oncall' };
    const template = templateOf({
      environment: anEnvironment({ paged: [oncall] }),
      services: [calling('a')],
    });

    const topics = Object.values(resources(template, 'AWS::Lambda::Function'))
      .map(({ Properties }) => Properties.Environment.Variables.PAGES_TOPIC_ARNS)
      .filter((variable) => variable !== undefined);
    expect(topics).toHaveLength(4);
    for (const variable of topics) expect(JSON.stringify(variable)).toContain(`,${oncall.to}`);
  });

  it('takes messages by TLS only, and from alarms of this account', () => {
    templateOf().hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
          }),
        ],
      },
    });
  });

  it('is encrypted with a key that alarms may use: with the AWS-managed one their pages would vanish', () => {
    const template = templateOf();

    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          }),
        ]),
      },
    });
  });
});

describe('channels that are no topic', () => {
  const late: CallEntry = { kind: 'pagerduty', to: 'ML platform', secret: GIT_SECRET, afterSeconds: 600 };
  const template = templateOf({
    environment: anEnvironment({ paged: [anna, aChannel] }),
    services: [calling('a', late)],
  });
  const paging = ['open-incident', 'verify-recovery', 'close-incident', 'sweeper'] as const;

  it('are known to every function that pages, with the ARN of their secret and nothing more', () => {
    for (const name of paging) {
      const { PAGED } = functionIn(template, name).Properties.Environment.Variables;
      expect(JSON.parse(PAGED)).toEqual([aChannel]);
    }
  });

  it.each(FUNCTION_NAMES)('are called with secrets that %s may read when it pages, and not else', (name) => {
    const role = functionIn(template, name).Properties.Role['Fn::GetAtt'][0];
    const readable = statementsOf(template, role)
      .filter(({ actions }) => actions.includes('secretsmanager:GetSecretValue'))
      .flatMap(({ resources: arns }) => arns);
    const both = [SLACK_SECRET, GIT_SECRET].map((arn) => readable.includes(arn));

    const pages = (paging as readonly string[]).includes(name);
    expect(both).toEqual([pages, pages]);
  });

  it('are not subscribed to the topic: it would not reach them', () => {
    const endpoints = Object.values(resources(template, 'AWS::SNS::Subscription'));

    expect(endpoints.map(({ Properties }) => Properties.Endpoint)).toEqual([anna.to]);
  });

  it('that are topics are called late by the functions alone, not by alarms', () => {
    const managers: CallEntry = {
      kind: 'sns',
      to: 'arn:aws:sns:eu-west-1:111122223333:managers',
      afterSeconds: 600,
    };
    const stack = templateOf({
      environment: anEnvironment({ paged: [anna, managers] }),
      services: [calling('a')],
    });

    const { PAGED, PAGES_TOPIC_ARNS } = functionIn(stack, 'sweeper').Properties.Environment.Variables;
    expect(JSON.parse(PAGED)).toEqual([managers]);
    expect(JSON.stringify(PAGES_TOPIC_ARNS)).not.toContain('managers');
    for (const { Properties } of Object.values(resources(stack, 'AWS::CloudWatch::Alarm')))
      expect(JSON.stringify(Properties.AlarmActions ?? [])).not.toContain('managers');
  });
});
