import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParameterHistoryCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll } from '@jest/globals';
import { clientOptions, s3Options, unretriedOptions } from '../../lib/adapters/clients.ts';
import { systemClock } from '../../lib/adapters/clock.ts';
import { sfnExecutions } from '../../lib/adapters/executions.ts';
import { cloudwatchHeartbeat } from '../../lib/adapters/heartbeat.ts';
import { dynamoLedger } from '../../lib/adapters/ledger/dynamodb.ts';
import { flag } from '../../lib/adapters/levers/flag.ts';
import { channelNotifier } from '../../lib/adapters/notify/notifier.ts';
import { s3Reports } from '../../lib/adapters/reports/s3.ts';
import { ssmSettings } from '../../lib/adapters/settings.ts';
import { cloudwatchAlarmKeeper } from '../../lib/adapters/signals/alarm-keeper.ts';
import { cloudwatchSignals } from '../../lib/adapters/signals/cloudwatch.ts';
import { againstBaseline, describeAlarmKeeper } from '../contracts/alarm-keeper.ts';
import { aFlag, anArmedService, aSignal } from '../contracts/armed.ts';
import { describeFlagLever } from '../contracts/flag-lever.ts';
import { describeLedger } from '../contracts/ledger.ts';
import { describeSettings } from '../contracts/settings.ts';
import { describeSignalReader } from '../contracts/signal-reader.ts';
import {
  describeClock,
  describeExecutions,
  describeHeartbeat,
  describeNotifier,
  describeReportStore,
} from '../contracts/small-ports.ts';
import { hooked } from './helpers/hooks.ts';
import { type LocalAws, startLocalAws } from './local-aws.ts';

const clock = systemClock();
let aws: LocalAws;
let serial = 0;
const unique = (what: string): string => {
  serial += 1;
  return `${what}-${serial}`;
};

beforeAll(async () => {
  aws = await startLocalAws('contracts');
  await new DynamoDBClient(aws.client).send(
    new CreateTableCommand({
      TableName: 'ledger',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
}, 900_000);

afterAll(() => aws.stop());

const options = () => ({ ...clientOptions(aws.client), credentials: aws.client.credentials });

describeClock("the machine's clock", systemClock);

describeLedger('the ledger in DynamoDB', () =>
  dynamoLedger({ client: new DynamoDBClient(options()), tableName: 'ledger', clock }),
);

describeFlagLever('the flag in SSM', async () => {
  const ssm = new SSMClient({ ...unretriedOptions(aws.client), credentials: aws.client.credentials });
  const operator = new SSMClient(options());
  const hooks = hooked(ssm);
  const lever = aFlag({ parameter: `/shop/${unique('flag')}` });
  const put = async (
    Value: string,
    Type?: 'String' | 'SecureString' | 'StringList',
    Name = lever.parameter,
  ) => {
    await operator.send(new PutParameterCommand({ Name, Value, Overwrite: true, ...(Type && { Type }) }));
  };
  await put('true', 'String');
  return {
    port: flag({ ssm, clock })(anArmedService([lever])),
    lever,
    put,
    history: async () => {
      const { Parameters = [] } = await operator.send(
        new GetParameterHistoryCommand({ Name: lever.parameter }),
      );
      return Parameters.map(({ Value = '' }) => Value);
    },
    beforeWrite: (what) => hooks.before('PutParameterCommand', what),
    loseWrite: () => hooks.lose('PutParameterCommand'),
    other: async (type) => {
      const other = aFlag({ parameter: `/shop/${unique(type)}` });
      if (type !== 'missing') await put('a', type, other.parameter);
      return other;
    },
  };
});

describeSettings('settings in SSM', async () => {
  const client = new SSMClient(options());
  const environment = unique('environment');
  const put = async (Name: string, Value: string) => {
    await client.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  };
  return { settings: ssmSettings({ client, environment }), environment, put };
});

describeExecutions('executions in Step Functions', async () => {
  const client = new SFNClient(options());
  const name = unique('machine');
  const definition = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 600, End: true } } };
  const roleArn = 'arn:aws:iam::000000000000:role/suite';
  const { stateMachineArn = '' } = await client.send(
    new CreateStateMachineCommand({ name, roleArn, definition: JSON.stringify(definition) }),
  );
  const arnOf = (execution: string) =>
    `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${execution}`;
  return {
    executions: sfnExecutions({ client, stateMachineArn, clock }),
    arnOf,
    end: async (execution) =>
      void (await client.send(new StopExecutionCommand({ executionArn: arnOf(execution) }))),
  };
});

describeNotifier('the notifier on SNS', async () => {
  const client = new SNSClient(options());
  const topic = async (Name: string) => (await client.send(new CreateTopicCommand({ Name }))).TopicArn ?? '';
  const [topicArn, to] = [await topic(unique('topic')), await topic(unique('own'))];
  const breakOne = async () => void (await client.send(new DeleteTopicCommand({ TopicArn: to })));
  const nothing = { say: async () => undefined };
  const channels = { slack: nothing, pagerduty: nothing };
  const notifier = channelNotifier({ client, topics: [topicArn], paged: [], channels, clock });
  return { notifier, own: { kind: 'sns', to }, breakOne };
});

describeReportStore('the report store in S3', async () => {
  const client = new S3Client({ ...options(), ...s3Options(aws.client) });
  const bucket = unique('reports');
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    reports: s3Reports({ client, bucket }),
    read: async (Key) => {
      const { Body, ContentType = '' } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return { body: (await Body?.transformToString()) ?? '', contentType: ContentType };
    },
  };
});

describeHeartbeat('the heartbeat in CloudWatch', async () => {
  const client = new CloudWatchClient(options());
  const environment = unique('environment');
  const metric = {
    Namespace: 'Reinstate',
    MetricName: 'SweeperHeartbeat',
    Dimensions: [{ Name: 'Environment', Value: environment }],
  };
  const beats = async () => {
    const answer = await client.send(
      new GetMetricDataCommand({
        MetricDataQueries: [{ Id: 'beats', MetricStat: { Metric: metric, Period: 60, Stat: 'Sum' } }],
        StartTime: new Date(Date.now() - 600_000),
        EndTime: new Date(Date.now() + 60_000),
      }),
    );
    return (answer.MetricDataResults?.[0]?.Values ?? []).reduce((sum, value) => sum + value, 0);
  };
  return { heartbeat: cloudwatchHeartbeat({ client, environment }), beats };
});

describeAlarmKeeper('the alarm keeper of CloudWatch', async () => {
  const client = new CloudWatchClient(options());
  const AlarmName = unique('reinstate-local-shop-latency');
  const armed = anArmedService([], againstBaseline(AlarmName));
  const keeper = cloudwatchAlarmKeeper({ client });
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'Shop',
      MetricName: 'Latency',
      Dimensions: [{ Name: 'Service', Value: 'recommender' }],
      ExtendedStatistic: 'p95',
      Period: 10,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 3,
      Threshold: -1e15,
      ComparisonOperator: 'LessThanThreshold',
    }),
  );
  const threshold = async () => {
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
    return MetricAlarms?.[0]?.Threshold;
  };
  return { keeper, armed, threshold };
});

describeSignalReader('signals in CloudWatch', async () => {
  const client = new CloudWatchClient(options());
  const dimensions = { Service: unique('service') };
  const metric = { namespace: 'Shop', name: 'Latency', dimensions };
  const signal = aSignal({ periodSeconds: 60, statistic: 'Maximum', metric });
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const minute = Math.floor(Date.now() / 60_000 - 10) * 60_000;
  return {
    reader: cloudwatchSignals({ client }),
    signal,
    minute,
    publish: async (points) => {
      const data = points.map(({ at, value }) => ({
        MetricName: 'Latency',
        Dimensions,
        Timestamp: new Date(at + 30_000),
        Value: value,
      }));
      // In any order, as publishers come.
      const MetricData = data.toReversed();
      await client.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData }));
    },
    alarm: async (state) => {
      const AlarmName = unique(`alarm: ${state}`);
      const series = { Namespace: 'Shop', MetricName: 'Latency', Dimensions, Statistic: 'Maximum' } as const;
      const rule = { Period: 60, EvaluationPeriods: 5, Threshold: 250 };
      const ComparisonOperator = 'GreaterThanThreshold';
      await client.send(new PutMetricAlarmCommand({ AlarmName, ...series, ...rule, ComparisonOperator }));
      await client.send(
        new SetAlarmStateCommand({ AlarmName, StateValue: state, StateReason: 'a contract test' }),
      );
      return `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${AlarmName}`;
    },
  };
});
