/** Functions, state machines, rules and stores of the local AWS do what the product stands on. */
import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pause, waitUntil } from '../../local/wait.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';
import { lastExecution, runMachine } from './local-aws-questions.ts';
import {
  catchingStates,
  lambdaFunction,
  machine,
  machineArn,
  putParameterCode,
  role,
  rule,
  table,
} from './local-aws-resources.ts';

let ssm: SSMClient;
let sfn: SFNClient;
let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws('services');
  ssm = new SSMClient(aws.client);
  sfn = new SFNClient(aws.client);
}, 900_000);

afterAll(() => aws.stop());

describe('functions in a state machine', () => {
  beforeAll(async () => {
    await aws.createStack({
      Role: role,
      Thrower: lambdaFunction(
        'thrower',
        `class LeaseLost extends Error { constructor(m) { super(m); this.name = 'LeaseLost'; } }
        exports.handler = async () => { throw new LeaseLost('someone else has it'); };`,
      ),
      Dier: lambdaFunction(
        'dier',
        `exports.handler = async (event) => { if (event.die) process.kill(process.pid, 'SIGKILL'); return event; };`,
      ),
      Slow: lambdaFunction(
        'slow',
        `${putParameterCode}
        exports.handler = async (event, context) => {
          const left = context.getRemainingTimeInMillis();
          await new Promise((r) => setTimeout(r, event.ms));
          await put(event.mark);
          return { left, greeting: process.env.GREETING };
        };`,
        { Timeout: 3, Environment: { Variables: { GREETING: 'hello' } } },
      ),
      Catcher: machine('catcher', catchingStates),
      Runner: machine('runner', {
        Start: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Parameters: { FunctionName: 'slow', 'Payload.$': '$' },
          OutputPath: '$.Payload',
          End: true,
        },
      }),
      Watch: machine('watch', { Start: { Type: 'Pass', End: true } }),
      WatchRule: rule({
        pattern: {
          source: ['aws.states'],
          'detail-type': ['Step Functions Execution Status Change'],
          detail: { status: ['ABORTED'] },
        },
        target: machineArn('watch'),
      }),
    });
  });

  test('the name of a thrown error is the name that Catch matches', async () => {
    expect(
      JSON.parse((await runMachine(aws, 'catcher', { function: 'thrower', die: false })).output ?? ''),
    ).toBe('lost');
  });

  test('a killed process is Lambda.Unknown and the next invocation is well', async () => {
    expect(JSON.parse((await runMachine(aws, 'catcher', { function: 'dier', die: true })).output ?? '')).toBe(
      'unknown',
    );
    const next = await runMachine(aws, 'catcher', { function: 'dier', die: false });
    expect(JSON.parse(next.output ?? '').answer).toEqual({ die: false, execution: next.executionArn });
  });

  test('a function sees its environment and its remaining time, and its timeout kills it', async () => {
    const well = await runMachine(aws, 'runner', { ms: 10, mark: '/mark/well' });
    expect(JSON.parse(well.output ?? '')).toEqual({ left: expect.any(Number), greeting: 'hello' });
    expect(JSON.parse(well.output ?? '').left).toBeGreaterThan(2000);
    const late = await runMachine(aws, 'runner', { ms: 4000, mark: '/mark/late' });
    expect(late.status).toBe('FAILED');
    expect(late.error).toBe('Sandbox.Timedout');
    await pause(1500);
    await expect(parameter('/mark/late')).rejects.toThrow();
  });

  test('a stopped execution is ABORTED at once, its function runs on, and the status change is told', async () => {
    const { executionArn } = await sfn.send(
      new StartExecutionCommand({
        stateMachineArn: machineArn('runner'),
        input: JSON.stringify({ ms: 2000, mark: '/mark/stopped' }),
      }),
    );
    await pause(700);
    await sfn.send(new StopExecutionCommand({ executionArn, cause: 'a person' }));
    expect((await sfn.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('ABORTED');
    expect(JSON.parse((await lastExecution(aws, 'watch')).input ?? '{}')).toMatchObject({
      source: 'aws.states',
      detail: { executionArn, status: 'ABORTED' },
    });
    await waitUntil(() => parameter('/mark/stopped'), {
      what: 'the stopped execution’s function',
      seconds: 10,
    });
    expect((await sfn.send(new DescribeExecutionCommand({ executionArn }))).status).toBe('ABORTED');
  });

  test('a rule with a rate runs its function', async () => {
    await aws.createStack({
      Tick: lambdaFunction('tick', `${putParameterCode} exports.handler = () => put('/mark/tick');`),
      EveryMinute: rule({
        schedule: 'rate(1 minute)',
        target: 'arn:aws:lambda:us-east-1:000000000000:function:tick',
      }),
    });
    await waitUntil(() => parameter('/mark/tick'), { what: 'the first tick', seconds: 150 });
  });
});

describe('stores', () => {
  test('a transaction checks each condition and is idempotent by its token', async () => {
    const dynamo = new DynamoDBClient(aws.client);
    await aws.createStack({
      Table: table('things'),
    });
    const add = (token: string, fence: string) =>
      dynamo.send(
        new TransactWriteItemsCommand({
          ClientRequestToken: token,
          TransactItems: [
            {
              Put: {
                TableName: 'things',
                Item: { pk: { S: 'new' } },
                ConditionExpression: 'attribute_not_exists(pk)',
              },
            },
            {
              ConditionCheck: {
                TableName: 'things',
                Key: { pk: { S: 'lease' } },
                ConditionExpression: 'attribute_not_exists(fence) OR fence = :f',
                ExpressionAttributeValues: { ':f': { N: fence } },
              },
            },
          ],
        }),
      );
    await add('token-1', '1');
    await add('token-1', '1');
    await expect(add('token-2', '1')).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
    });
  });

  test('a topic takes messages with attributes', async () => {
    await aws.createStack({ Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'pages' } } });
    const sent = await new SNSClient(aws.client).send(
      new PublishCommand({
        TopicArn: 'arn:aws:sns:us-east-1:000000000000:pages',
        Message: '{}',
        Subject: 'page',
        MessageAttributes: { service: { DataType: 'String', StringValue: 'shop' } },
      }),
    );
    expect(sent.MessageId).toBeDefined();
  });

  test('a bucket takes, gives and lists objects', async () => {
    const s3 = new S3Client({ ...aws.client, forcePathStyle: true });
    await aws.createStack({ Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'reports' } } });
    await s3.send(
      new PutObjectCommand({
        Bucket: 'reports',
        Key: 'a/b.json',
        Body: '{"a":1}',
        ContentType: 'application/json',
      }),
    );
    const got = await s3.send(new GetObjectCommand({ Bucket: 'reports', Key: 'a/b.json' }));
    expect(await got.Body?.transformToString()).toBe('{"a":1}');
    expect(
      (await s3.send(new ListObjectsV2Command({ Bucket: 'reports', Prefix: 'a/' }))).Contents?.[0]?.Key,
    ).toBe('a/b.json');
  });

  test('parameters hold 8 KB in the advanced tier and are found by path', async () => {
    const Value = 'x'.repeat(8 * 1024);
    await aws.createStack({
      Big: {
        Type: 'AWS::SSM::Parameter',
        Properties: { Name: '/r/local/one/file', Type: 'String', Tier: 'Advanced', Value },
      },
    });
    await ssm.send(new PutParameterCommand({ Name: '/r/local/two/file', Type: 'String', Value: 'small' }));
    const found = await ssm.send(new GetParametersByPathCommand({ Path: '/r/local', Recursive: true }));
    expect(found.Parameters?.map(({ Name, Value: value }) => [Name, value?.length])).toEqual([
      ['/r/local/one/file', 8192],
      ['/r/local/two/file', 5],
    ]);
    const written = await ssm.send(
      new PutParameterCommand({ Name: '/r/local/two/file', Value: 'again', Overwrite: true }),
    );
    expect(written.Version).toBe(2);
  });
});

async function parameter(Name: string) {
  return (await ssm.send(new GetParameterCommand({ Name }))).Parameter;
}
