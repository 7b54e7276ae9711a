import { beforeAll, describe, expect, it } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { FUNCTION_ENV, FUNCTION_NAMES } from '../../lib/core/function-env.ts';
import {
  ACCOUNT,
  anEnvironment,
  aService,
  aStack,
  functionIn,
  REGION,
  resources,
  templateOf,
} from './helpers/deployment.ts';

const MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:reinstate-prod-incident`;

describe('EnvironmentStack', () => {
  let template: Template;
  let local: Template;
  beforeAll(() => {
    template = templateOf();
    local = templateOf({ environment: anEnvironment({ name: 'local' }) });
  });

  it('is named after the environment and tells where its parts are', () => {
    expect(aStack().stackName).toBe('reinstate-prod');
    const outputs = Object.keys(template.toJSON()['Outputs']);
    expect(outputs).toEqual(['StateMachineArn', 'TableName', 'ReportsBucket', 'PagesTopicArn']);
  });

  it('keeps table, reports and logs when it is destroyed, but for those of local', () => {
    const policies = (t: Template, type: string) =>
      new Set(Object.values(resources(t, type)).map((r) => r.DeletionPolicy));

    for (const type of ['AWS::DynamoDB::Table', 'AWS::S3::Bucket']) {
      expect(policies(template, type)).toEqual(new Set(['Retain']));
      expect(policies(local, type)).toEqual(new Set(['Delete']));
    }
  });

  it('has a table on demand, recoverable to any second, guarded against deletion', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    });
    local.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
  });

  it('keeps reports versioned, encrypted, private, and off plain connections', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      BucketEncryption: Match.anyValue(),
      LifecycleConfiguration: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ],
      },
    });
  });

  it('has one function on Node 24 for each stage and lever, with a log and a trace of its own', () => {
    template.resourceCountIs('AWS::Lambda::Function', FUNCTION_NAMES.length);
    template.allResourcesProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      TracingConfig: { Mode: 'Active' },
      Handler: 'index.handler',
    });
    const logs = Object.values(resources(template, 'AWS::Lambda::Function')).map(
      (f) => f.Properties.LoggingConfig.LogGroup.Ref,
    );
    expect(new Set(logs).size).toBe(FUNCTION_NAMES.length);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });

  it.each(FUNCTION_NAMES.filter((name) => name !== 'apply-helm'))(
    'runs %s on arm64, without a layer',
    (name) => {
      const { Architectures, MemorySize, Layers } = functionIn(template, name).Properties;

      expect([Architectures, MemorySize, Layers]).toEqual([['arm64'], 512, undefined]);
    },
  );

  it.each(FUNCTION_NAMES)('gives %s exactly the variables that it reads', (name) => {
    const { Variables } = functionIn(template, name).Properties.Environment;

    expect(new Set(Object.keys(Variables))).toEqual(new Set(FUNCTION_ENV[name]));
    expect(Variables).toMatchObject({ ENVIRONMENT: 'prod', POWERTOOLS_SERVICE_NAME: name });
  });

  it('tells the door whose alarms count, and where the machine is', () => {
    expect(functionIn(template, 'open-incident').Properties.Environment.Variables).toMatchObject({
      ACCOUNT,
      ALARMS: '{"recommender":["reinstate-prod-recommender-latency","reinstate-prod-recommender-auc"]}',
      STATE_MACHINE_ARN: MACHINE,
    });
  });

  it('bakes an endpoint of AWS into no function', () => {
    expect(JSON.stringify(local.toJSON())).not.toMatch(/AWS_ENDPOINT_URL|127\.0\.0\.1/);
  });

  it('does not own the mode: a deploy would overwrite an operator who said off', () => {
    const names = Object.values(resources(template, 'AWS::SSM::Parameter')).map((p) => p.Properties.Name);

    expect(names).toEqual(['/reinstate/prod/armed/recommender']);
  });

  it('refuses more alarms than the variables of a function can carry', () => {
    const services = Array.from({ length: 60 }, (_, n) => aService({ name: `recommender-${n}` }));

    expect(() => aStack({ services })).toThrow(
      /Cannot deploy function "open-incident": its variables are \d+ bytes and Lambda takes 4096/,
    );
  });
});
