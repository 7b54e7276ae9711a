import { describe, expect, it } from '@jest/globals';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/core/function-env.ts';
import { NarrowRole } from '../../lib/infra/narrow-role.ts';
import {
  ACCOUNT,
  aGitLever,
  anEnvironment,
  aService,
  aStack,
  CLUSTER_SECRET,
  CLUSTERS,
  functionIn,
  GIT_SECRET,
  REGION,
  resources,
  SECRET,
  templateOf,
} from './helpers/deployment.ts';
import { type Call, calls, isAllowed, metricIn, type Statement, statementsOf } from './helpers/policy.ts';

const ONCALL = `arn:aws:sns:${REGION}:${ACCOUNT}:ml-oncall`;
const template = templateOf({
  environment: anEnvironment({ paged: [{ kind: 'sns', to: ONCALL }], clusters: CLUSTERS }),
  services: [aService({ levers: [...aService().levers, aGitLever] })],
});

const only = (type: string): string => `arn:${Object.keys(resources(template, type))[0]}`;
const roleOf = (name: FunctionName): string => functionIn(template, name).Properties.Role['Fn::GetAtt'][0];
const logOf = (name: FunctionName): string =>
  `arn:${functionIn(template, name).Properties.LoggingConfig.LogGroup.Ref}`;

const TABLE = only('AWS::DynamoDB::Table');
const REPORT = `${only('AWS::S3::Bucket')}/recommender-20261121T090403-0123abcd/1.json`;
const TOPIC = only('AWS::SNS::Topic');
const KEY = only('AWS::KMS::Key');
const STATES = `arn:aws:states:${REGION}:${ACCOUNT}`;
const MACHINE = `${STATES}:stateMachine:reinstate-prod-incident`;
const EXECUTION = `${STATES}:execution:reinstate-prod-incident:0123`;
const parameter = (name: string) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${name}`;
const FLAG = parameter('/shop/new-features');
const SETTINGS = [
  '/reinstate/prod/armed/recommender',
  '/reinstate/prod/mode',
  '/reinstate/prod/recommender/mode',
].map(parameter);

const ledger = calls(
  TABLE,
  ...['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map(
    (a) => `dynamodb:${a}`,
  ),
);
const settings = SETTINGS.flatMap((name) => calls(name, 'ssm:GetParameter'));
const readFlag = calls(FLAG, 'ssm:GetParameter');
const pullFlag = calls(FLAG, 'ssm:GetParameter', 'ssm:PutParameter', 'ssm:GetParameterHistory');
const signals = calls('*', 'cloudwatch:GetMetricData', 'cloudwatch:DescribeAlarms');
const pages = [
  ...calls(TOPIC, 'sns:Publish'),
  ...calls(ONCALL, 'sns:Publish'),
  ...calls(KEY, 'kms:GenerateDataKey', 'kms:Decrypt'),
];
const secret = calls(SECRET, 'secretsmanager:GetSecretValue');
const gitSecret = calls(GIT_SECRET, 'secretsmanager:GetSecretValue');
const eksCluster = (name: string) => `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${name}`;
const clusters = [
  ...calls(eksCluster('shop-prod'), 'eks:DescribeCluster'),
  ...calls(CLUSTER_SECRET, 'secretsmanager:GetSecretValue'),
];
const report = calls(REPORT, 's3:PutObject');
const describeExecution = calls(EXECUTION, 'states:DescribeExecution');
const traces = calls('*', 'xray:PutTraceSegments', 'xray:PutTelemetryRecords');
const ownLog = (name: FunctionName) => calls(logOf(name), 'logs:CreateLogStream', 'logs:PutLogEvents');

/** All that each function may do, call by call. */
const MAY: Record<FunctionName, Call[]> = {
  'open-incident': [...settings, ...signals, ...describeExecution, ...pages],
  'plan-rollback': [...readFlag, ...secret, ...clusters, ...gitSecret],
  'hold-promotion': [...settings, ...secret],
  'apply-flag': [...settings, ...pullFlag],
  'apply-alias': [...settings, ...secret, ...clusters],
  'apply-rollout': [...settings, ...clusters],
  'apply-deployment': [...settings, ...clusters],
  'apply-helm': [...settings, ...clusters],
  'apply-git': [...settings, ...clusters, ...gitSecret],
  'verify-recovery': [...signals, ...readFlag, ...secret, ...clusters, ...gitSecret, ...pages],
  'close-incident': [...settings, ...signals, ...secret, ...report, ...pages],
  sweeper: [
    ...settings,
    ...signals,
    ...secret,
    ...report,
    ...pages,
    ...describeExecution,
    ...calls(MACHINE, 'states:StartExecution'),
    metricIn('Reinstate'),
  ],
};

/** What nobody may do, close to what somebody may. */
const NEIGHBOURS: Call[] = [
  ...calls(TABLE, 'dynamodb:Scan', 'dynamodb:BatchWriteItem', 'dynamodb:DeleteTable', 'dynamodb:UpdateTable'),
  ...calls(`arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/other`, 'dynamodb:GetItem', 'dynamodb:PutItem'),
  ...SETTINGS.flatMap((name) => calls(name, 'ssm:PutParameter', 'ssm:DeleteParameter')),
  ...calls(FLAG, 'ssm:DeleteParameter', 'ssm:LabelParameterVersion', 'ssm:AddTagsToResource'),
  ...calls(parameter('/shop/other'), 'ssm:GetParameter', 'ssm:PutParameter'),
  ...calls(parameter('/shop'), 'ssm:GetParametersByPath'),
  ...calls(parameter('/reinstate/staging/mode'), 'ssm:GetParameter'),
  ...calls('*', 'cloudwatch:SetAlarmState', 'cloudwatch:PutMetricAlarm', 'cloudwatch:DisableAlarmActions'),
  metricIn('AWS/Lambda'),
  ...calls(REPORT, 's3:GetObject', 's3:DeleteObject', 's3:PutObjectAcl'),
  ...calls('arn:aws:s3:::other/report.json', 's3:PutObject'),
  ...calls(TOPIC, 'sns:Subscribe', 'sns:SetTopicAttributes'),
  ...calls(`arn:aws:sns:${REGION}:${ACCOUNT}:other`, 'sns:Publish'),
  ...calls(KEY, 'kms:Encrypt', 'kms:ScheduleKeyDeletion', 'kms:PutKeyPolicy'),
  ...calls(EXECUTION, 'states:StopExecution', 'states:RedriveExecution'),
  ...calls(MACHINE, 'states:UpdateStateMachine', 'states:DeleteStateMachine'),
  ...calls(`${STATES}:stateMachine:reinstate-staging-incident`, 'states:StartExecution'),
  ...calls(`${STATES}:execution:other:0123`, 'states:DescribeExecution'),
  ...calls(SECRET, 'secretsmanager:PutSecretValue', 'secretsmanager:DeleteSecret'),
  ...calls(
    `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:other-AbCdEf`,
    'secretsmanager:GetSecretValue',
  ),
  ...calls(CLUSTER_SECRET, 'secretsmanager:PutSecretValue'),
  ...calls(GIT_SECRET, 'secretsmanager:PutSecretValue'),
  // What a token is good for is said inside the cluster; the console's own way in would be IAM's.
  ...calls(eksCluster('shop-prod'), 'eks:AccessKubernetesApi', 'eks:UpdateClusterConfig', 'eks:ListAddons'),
  ...calls(eksCluster('shop-prod'), 'eks:CreateAccessEntry', 'eks:AssociateAccessPolicy'),
  // Its endpoint and its CA are given, so nobody asks.
  ...calls(eksCluster('models_prod'), 'eks:DescribeCluster'),
  ...calls(eksCluster('shop-staging'), 'eks:DescribeCluster'),
  ...calls('*', 'eks:ListClusters', 'sts:GetCallerIdentity'),
  ...calls(
    `arn:aws:lambda:${REGION}:${ACCOUNT}:function:any`,
    'lambda:InvokeFunction',
    'lambda:UpdateFunctionCode',
  ),
  ...calls('*', 'iam:PassRole', 'sts:AssumeRole', 'logs:CreateLogGroup', 'events:PutEvents'),
];

const everyCall = [
  ...FUNCTION_NAMES.flatMap((name) => [...MAY[name], ...ownLog(name)]),
  ...ledger,
  ...traces,
  ...NEIGHBOURS,
];
const said = (call: Call): string => `${call.action} ${call.resource} ${JSON.stringify(call.context ?? {})}`;
const saidOf = (list: readonly Call[]): Set<string> => new Set(list.map(said));

describe('the permissions of a function', () => {
  it.each(FUNCTION_NAMES)('let %s do its calls, and none of those that are close by', (name) => {
    const statements = statementsOf(template, roleOf(name));

    const allowed = everyCall.filter((call) => isAllowed(statements, call));

    expect(saidOf(allowed)).toEqual(saidOf([...MAY[name], ...ledger, ...traces, ...ownLog(name)]));
  });

  it('issue 5: let plan-rollback ask EKS where a cluster is now, where its file leaves that to EKS', () => {
    const may = (name: string) =>
      isAllowed(statementsOf(template, roleOf('plan-rollback')), {
        action: 'eks:DescribeCluster',
        resource: eksCluster(name),
      });

    expect({ left: may('shop-prod'), given: may('models_prod') }).toEqual({ left: true, given: false });
  });

  it('come with one role for each', () => {
    expect(new Set(FUNCTION_NAMES.map(roleOf)).size).toBe(FUNCTION_NAMES.length);
    expect(resources(template, 'AWS::IAM::Policy')).toEqual({});
    expect(JSON.stringify(resources(template, 'AWS::IAM::Role'))).not.toContain(
      'AWSLambdaBasicExecutionRole',
    );
  });
});

describe('the permissions of machine and rules', () => {
  const statementsLike = (id: RegExp): Statement[] =>
    Object.keys(resources(template, 'AWS::IAM::Role'))
      .filter((role) => id.test(role))
      .flatMap((role) => statementsOf(template, role));

  it('let the machine invoke exactly the functions of its states', () => {
    const [invoke] = statementsLike(/IncidentAccessRole[0-9A-F]{8}$/).filter((s) =>
      s.actions.includes('lambda:InvokeFunction'),
    );
    const functions = Object.keys(resources(template, 'AWS::Lambda::Function')).filter(
      (id) => !id.includes('Sweeper'),
    );

    expect(new Set(invoke?.resources)).toEqual(new Set(functions.map((id) => `arn:${id}`)));
  });

  it('let rules start the machine and nothing else', () => {
    expect(statementsLike(/RuleAccess/)).toEqual([
      {
        effect: 'Allow',
        actions: ['states:StartExecution'],
        resources: [only('AWS::StepFunctions::StateMachine')],
        conditions: {},
      },
    ]);
  });
});

describe('every permission', () => {
  const allowing = Object.values(template.toJSON()['Resources'] as Record<string, { Properties?: object }>)
    .flatMap((resource) => statementsIn(resource.Properties))
    .filter((s) => s.Effect === 'Allow');

  it('names its actions: none is or has a wildcard', () => {
    const actions = allowing.flatMap((s) => s.Action).flat();

    expect(actions.length).toBeGreaterThan(50);
    expect(actions.filter((action) => String(action).includes('*'))).toEqual([]);
  });

  it('is refused without a reason when its resource is a wildcard', () => {
    const wide = {
      service: 'lambda.amazonaws.com',
      permissions: [{ actions: ['s3:GetObject'], resources: ['*'] }],
    };

    expect(() => new NarrowRole(aStack(), 'Wide', wide)).toThrow(
      'Cannot permit s3:GetObject on *: no reason is given',
    );
  });

  it('is refused at synth when IAM would refuse it in the middle of a deploy', () => {
    const resources = Array.from({ length: 300 }, (_, n) => parameter(`/shop/flag-${n}/with-a-name`));
    const large = {
      service: 'lambda.amazonaws.com',
      permissions: [{ actions: ['ssm:GetParameter'], resources }],
    };

    expect(() => new NarrowRole(aStack(), 'Large', large)).toThrow(
      /Cannot permit all that .*Large needs: \d+ characters/,
    );
  });
});

// biome-ignore lint/suspicious/noExplicitAny: templates are untyped, and policies stand anywhere in them
function statementsIn(value: any): any[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value.Statement) ? value.Statement : [];
  return [...own, ...Object.values(value).flatMap(statementsIn)];
}
