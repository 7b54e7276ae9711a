/** The local environment, before each run as it was before: bad release served, nothing open, alarms green. */
import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListExecutionsCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { recordBaseline } from '../../lib/cli/baseline.ts';
import { openDesk } from '../../lib/cli/deployment.ts';
import { nodeHost } from '../../lib/cli/host.ts';
import { parameterNames } from '../../lib/core/environment.ts';
import type { ArmedService } from '../../lib/core/service.ts';
import { clientEnvironment } from '../../local/aws/ministack.ts';
import { putParameter } from '../../local/aws/parameters.ts';
import type { Endpoints } from '../../local/endpoints.ts';
import { moveAlias, register, resetRegistry } from '../../local/mlflow/registry.ts';
import { FLAG_PARAMETER, reload } from '../../local/model-service/model-service.ts';
import { stopPart } from '../../local/process.ts';
import { resetToHealthy } from '../../local/release.ts';
import { waitUntil } from '../../local/wait.ts';

const SERVICE = 'recommender';
const ALARM = 'reinstate-local-recommender-error-ratio';
const PERIOD_MS = 10_000;
/** What a function may still be doing when its execution is stopped. */
const LAST_WRITES_MS = 3000;

type Item = Record<string, unknown> & { readonly pk: string; readonly sk: string };

export interface LocalScene {
  readonly at: Endpoints;
  readonly good: string;
  readonly bad: string;
  readonly aws: ReturnType<typeof clientsOf>;
  /** The table with nothing but the baseline. */
  readonly calm: readonly Item[];
  /** How heavy the next datapoint has to be to outweigh those of its period. */
  weight: number;
}

/** Records the baseline in calm, then ends the demo's traffic: the bench is the only one who measures. */
export async function localScene(at: Endpoints): Promise<LocalScene> {
  const aws = clientsOf(at);
  const { version: good } = await resetToHealthy(at);
  await baseline();
  await stopPart('traffic');
  await oneRung(aws);
  const bad = await register(at.mlflow, 'bad');
  return { at, good, bad, aws, calm: await itemsOf(aws, at), weight: 1 };
}

function clientsOf(at: Endpoints) {
  Object.assign(process.env, clientEnvironment(at.aws));
  return {
    ssm: new SSMClient(),
    sfn: new SFNClient(),
    cloudwatch: new CloudWatchClient(),
    table: DynamoDBDocumentClient.from(new DynamoDBClient()),
  };
}

/** Alarms turn OK within a minute of healthy traffic. */
function baseline(): Promise<unknown> {
  const host = nodeHost();
  const record = async () =>
    recordBaseline(await openDesk(host, 'local'), SERVICE, {
      by: 'bench',
      at: Date.now(),
      reason: 'measured against',
    });
  return waitUntil(record, { what: 'a baseline', seconds: 150, everyMs: 2000 });
}

/** As a deploy arms it whose policy says `do: new-features off and champion back`. */
async function oneRung({ ssm }: LocalScene['aws']): Promise<void> {
  const Name = parameterNames('local').armed(SERVICE);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  const armed = JSON.parse(Parameter?.Value ?? '') as ArmedService;
  const rungs = [armed.service.policy.do.flat()];
  const policy = { ...armed.service.policy, do: rungs };
  const Value = JSON.stringify({ ...armed, service: { ...armed.service, policy } });
  await ssm.send(new PutParameterCommand({ Name, Value, Tier: 'Advanced', Overwrite: true }));
}

/** The bad version is champion and served, the flag is on; whatever ran is stopped and forgotten. */
export async function shipBad(scene: LocalScene): Promise<void> {
  const { at, bad } = scene;
  await stopExecutions(scene);
  await turn(scene, 'OK');
  await forget(scene);
  await resetRegistry(at.mlflow);
  await moveAlias(at.mlflow, 'champion', bad);
  await putParameter(at.aws, FLAG_PARAMETER, 'true');
  if ((await reload(at.model)) !== bad) throw new Error('the bad version is not served');
}

/** Until here has the alarm's own event started an execution. @returns when the alarm changed its state (epoch ms) */
export const alarm = (scene: LocalScene): Promise<number> => turn(scene, 'ALARM');

/** Datapoints of the last three periods, heavier than what is there; the alarm sees them when a period ends. */
async function turn(scene: LocalScene, wanted: 'OK' | 'ALARM'): Promise<number> {
  const { cloudwatch } = scene.aws;
  if (wanted === 'OK' && (await stateOf(scene)).state !== 'ALARM') return Date.now();
  const put = async () => {
    scene.weight *= 50;
    const last = Math.floor(Date.now() / PERIOD_MS) * PERIOD_MS;
    const MetricData = [0, 1, 2, 3, 4, 5].map((back) => ({
      MetricName: 'error-ratio',
      Dimensions: [{ Name: 'service', Value: SERVICE }],
      Timestamp: new Date(last - back * PERIOD_MS + 1),
      Values: [wanted === 'ALARM' ? 0.3 : 0],
      Counts: [scene.weight],
    }));
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Reinstate/Recommender', MetricData }));
  };
  await put();
  const { since } = await waitUntil(
    async () => {
      const seen = await stateOf(scene);
      return seen.state === wanted && seen;
    },
    { what: `the alarm to be ${wanted}`, seconds: 60, everyMs: 50 },
  );
  return since;
}

async function stateOf({ aws }: LocalScene): Promise<{ state: string | undefined; since: number }> {
  const found = await aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [ALARM] }));
  const [first] = found.MetricAlarms ?? [];
  return { state: first?.StateValue, since: first?.StateUpdatedTimestamp?.getTime() ?? Number.NaN };
}

async function stopExecutions({ aws: { sfn }, at }: LocalScene): Promise<void> {
  const stateMachineArn = String(at['stateMachineArn']);
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }),
  );
  for (const { executionArn } of executions) await sfn.send(new StopExecutionCommand({ executionArn }));
  if (executions.length > 0) await pause(LAST_WRITES_MS);
}

async function itemsOf({ table }: LocalScene['aws'], at: Endpoints): Promise<Item[]> {
  const { Items = [] } = await table.send(
    new ScanCommand({ TableName: at['tableName'], ConsistentRead: true }),
  );
  return Items as Item[];
}

/** The table as it was in calm: no incident, no cooldown, no cascade. */
async function forget({ aws, at, calm }: LocalScene): Promise<void> {
  const TableName = String(at['tableName']);
  const now = await itemsOf(aws, at);
  const gone = now.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } }));
  const back = calm.map((Item) => ({ PutRequest: { Item } }));
  for (const requests of [gone, back])
    for (let from = 0; from < requests.length; from += 25)
      await aws.table.send(
        new BatchWriteCommand({ RequestItems: { [TableName]: requests.slice(from, from + 25) } }),
      );
}

/**
 * When what is served is the version of the baseline, the flag is safe and the alias is back (epoch ms). In this order,
 * so that looking takes nothing from the registry, which both sides need.
 */
export function untilEffective({ aws, at, good }: LocalScene): Promise<number> {
  const alias = `${at.mlflow}/api/2.0/mlflow/registered-models/alias?name=${SERVICE}&alias=champion`;
  const look = async () => {
    if ((await answer<{ version: string }>(`${at.model}/version`)).version !== good) return undefined;
    const flag = await aws.ssm.send(new GetParameterCommand({ Name: FLAG_PARAMETER }));
    if (flag.Parameter?.Value !== 'false') return undefined;
    const seenAt = Date.now();
    const champion = await answer<{ model_version: { version: string } }>(alias);
    return champion.model_version.version === good ? seenAt : undefined;
  };
  return waitUntil(look, { what: 'both levers to be effective', seconds: 60, everyMs: 20 });
}

const answer = async <T>(url: string): Promise<T> => (await (await fetch(url)).json()) as T;
