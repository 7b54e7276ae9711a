import { beforeAll, describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { anEnvironment, resources, templateOf } from './helpers/deployment.ts';

const ONCALL = 'arn:aws:sns:eu-west-1:111122223333:ml-oncall';

describe('the sweep', () => {
  let template: Template;
  beforeAll(() => {
    template = templateOf({ environment: anEnvironment({ paged: [{ kind: 'sns', to: ONCALL }] }) });
  });

  it('runs every minute', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({})],
    });
  });

  it('runs at once when an execution of our machine ends badly', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: [{ Ref: Match.stringLikeRegexp('IncidentMachine') }],
        },
      },
    });
  });

  it('B11: is tried again by Lambda: nobody repeats the event of an execution that ended badly', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 600,
    });
  });

  it('lets its two rules in, and no other', () => {
    const sources = Object.values(resources(template, 'AWS::Lambda::Permission')).map((p) => p.Properties);

    expect(sources).toHaveLength(2);
    for (const p of sources)
      expect(p).toMatchObject({ Principal: 'events.amazonaws.com', SourceArn: expect.anything() });
  });

  it('pages when no heartbeat came for 3 minutes', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'Reinstate',
      MetricName: 'SweeperHeartbeat',
      Dimensions: [{ Name: 'Environment', Value: 'prod' }],
      TreatMissingData: 'breaching',
      Period: 60,
      EvaluationPeriods: 3,
      AlarmActions: [{ Ref: Match.stringLikeRegexp('PagesTopic') }, ONCALL],
    });
  });
});

describe('dead letters', () => {
  let template: Template;
  beforeAll(() => {
    template = templateOf();
  });

  it('are kept of every rule, after 5 minutes of trying', () => {
    const targets = Object.values(resources(template, 'AWS::Events::Rule')).flatMap(
      (rule) => rule.Properties.Targets,
    );

    expect(targets).toHaveLength(3);
    for (const target of targets) {
      expect(target.RetryPolicy.MaximumEventAgeInSeconds).toBe(300);
      expect(target.DeadLetterConfig.Arn['Fn::GetAtt'][0]).toMatch(/DeadLettersQueue/);
    }
  });

  it('are encrypted, come from our rules only, and by TLS only', () => {
    template.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Condition: {
              ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111122223333:rule/reinstate-prod-*' },
            },
          }),
        ],
      },
    });
  });

  it('page somebody as soon as there is one', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('PagesTopic') }],
    });
  });
});
