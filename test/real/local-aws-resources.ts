/** CloudFormation resources for suites on the local AWS. */
const ACCOUNT = '000000000000';
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/suite`;

export const role = {
  Type: 'AWS::IAM::Role',
  Properties: { RoleName: 'suite', AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } },
};

export const alarm = (properties: Record<string, unknown>) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    Namespace: 'T',
    MetricName: 'latency',
    ExtendedStatistic: 'p95',
    Period: 10,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 250,
    ComparisonOperator: 'GreaterThanThreshold',
    ...properties,
  },
});

export const machineArn = (name: string): string =>
  `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:${name}`;

export const machine = (name: string, states: Record<string, unknown>) => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: {
    StateMachineName: name,
    RoleArn: ROLE_ARN,
    DefinitionString: JSON.stringify({ StartAt: 'Start', States: states }),
  },
});

export const lambdaFunction = (name: string, code: string, more: Record<string, unknown> = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: name,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: ROLE_ARN,
    Timeout: 10,
    Code: { ZipFile: code },
    ...more,
  },
});

export const rule = (what: { pattern?: unknown; schedule?: string; target: string }) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    ...(what.pattern ? { EventPattern: what.pattern } : { ScheduleExpression: what.schedule }),
    Targets: [{ Id: 'target', Arn: what.target, RoleArn: ROLE_ARN }],
  },
});

/** JavaScript of a function `put(name)` that leaves a mark in the parameter store, for code without an SDK. */
export const putParameterCode = `const put = (Name) => fetch(process.env.AWS_ENDPOINT_URL, {
  method: 'POST',
  headers: {
    authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host, Signature=0',
    'x-amz-target': 'AmazonSSM.PutParameter',
    'content-type': 'application/x-amz-json-1.1',
  },
  body: JSON.stringify({ Name, Value: 'here', Type: 'String', Overwrite: true }),
}).then((response) => response.status);`;

export const table = (name: string) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  },
});

/** Invokes the function named in the input, and says which error it caught. */
export const catchingStates = {
  Start: {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: {
      'FunctionName.$': '$.function',
      Payload: { 'die.$': '$.die', 'execution.$': '$$.Execution.Id' },
    },
    ResultSelector: { 'answer.$': '$.Payload' },
    Retry: [{ ErrorEquals: ['Nothing'], MaxAttempts: 1 }],
    Catch: [
      { ErrorEquals: ['LeaseLost'], Next: 'Lost' },
      { ErrorEquals: ['Lambda.Unknown'], Next: 'Unknown' },
    ],
    End: true,
  },
  Lost: { Type: 'Pass', Result: 'lost', End: true },
  Unknown: { Type: 'Pass', Result: 'unknown', End: true },
};
