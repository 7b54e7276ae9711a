/** Hands on the estate of the local environment, past every adapter of ours. */
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { openEstate } from '../../../lib/cli/estate.ts';
import { nodeHost } from '../../../lib/cli/host.ts';
import { findEnvironment } from '../../../lib/cli/which-environment.ts';
import { type Endpoints, readEndpoints } from '../../../local/endpoints.ts';
import type { EstatePlace } from '../../contracts/estate-reader.ts';

const endpoints = (): Endpoints => {
  const found = readEndpoints();
  if (!found) throw new Error('Cannot reach the local environment: it is not up');
  return found;
};

const options = () => ({
  region: endpoints().region,
  endpoint: endpoints().aws,
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** Its own reader, and something new for each test to find. `churn` is Argo CD's, `model-svc` is Helm's. */
export async function aRealEstate(): Promise<EstatePlace> {
  return {
    reader: openEstate(findEnvironment(nodeHost(), 'local')),
    word: `desk-${Date.now().toString(36)}`,
    putAlarm: async ({ name, metric, statistic, periodSeconds, threshold, datapoints, of }) => {
      const command = new PutMetricAlarmCommand({
        AlarmName: name,
        Namespace: metric.namespace,
        MetricName: metric.name,
        Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
        ExtendedStatistic: statistic,
        Period: periodSeconds,
        Threshold: threshold,
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: of,
        DatapointsToAlarm: datapoints,
        ActionsEnabled: false,
      });
      await new CloudWatchClient(options()).send(command);
    },
    putParameter: async (Name, Value, Type) => {
      await new SSMClient(options()).send(new PutParameterCommand({ Name, Value, Type }));
    },
    registerModel: async (name, alias) => {
      await mlflow('registered-models/create', { name });
      await mlflow('model-versions/create', { name, source: 's3://models/nothing' });
      await mlflow('registered-models/alias', { name, alias, version: '1' });
    },
    rollout: { cluster: 'shop', namespace: 'shop', name: 'churn' },
    owner: { kind: 'argocd', application: 'churn' },
    release: 'model-svc',
    application: { name: 'churn', path: 'churn' },
  };
}

async function mlflow(path: string, body?: object): Promise<unknown> {
  const answer = await fetch(`${endpoints().mlflow}/api/2.0/mlflow/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`MLflow answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** All that AWS and MLflow hold of the services, as texts that are equal when nothing was written. */
export async function writtenThere(): Promise<object> {
  const { MetricAlarms = [] } = await new CloudWatchClient(options()).send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: 'reinstate-local-', MaxRecords: 100 }),
  );
  const { Parameters = [] } = await new SSMClient(options()).send(
    new GetParametersByPathCommand({ Path: '/shop', Recursive: true }),
  );
  return {
    alarms: MetricAlarms.map(({ AlarmName, AlarmConfigurationUpdatedTimestamp: at, Threshold }) =>
      [AlarmName, at?.toISOString(), Threshold].join(' '),
    ),
    parameters: Parameters.map(({ Name, Version, Value }) => `${Name} ${Version} ${Value}`),
    model: JSON.stringify(await mlflow('registered-models/get?name=recommender')),
  };
}
