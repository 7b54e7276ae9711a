/** The running local environment, as the spine's scenarios see and move it. They share it, one after the other. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import {
  DeleteParameterCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { clientOptions } from '../../../lib/adapters/clients.ts';
import { systemClock } from '../../../lib/adapters/clock.ts';
import { dynamoLedger } from '../../../lib/adapters/ledger/dynamodb.ts';
import { ssmSettings } from '../../../lib/adapters/settings.ts';
import { parameterNames } from '../../../lib/core/environment.ts';
import type { Incident } from '../../../lib/core/incident.ts';
import { stamp } from '../../../lib/core/incident.ts';
import { keys } from '../../../lib/core/keys.ts';
import type { Baseline } from '../../../lib/core/release.ts';
import type { Settings } from '../../../lib/ports/settings.ts';
import { type Records, records } from '../../../lib/stages/records.ts';
import type { Endpoints } from '../../../local/endpoints.ts';
import { bringUp } from '../../../local/environment.ts';
import { projectRoot } from '../../../local/paths.ts';

export interface Estate {
  readonly at: Endpoints;
  readonly read: Records;
  readonly settings: Settings;
  readonly ledger: ReturnType<typeof dynamoLedger>;
  readonly sfn: SFNClient;
  readonly ssm: SSMClient;
  readonly cloudwatch: CloudWatchClient;
}

/** Brings the environment up where it is not: harmless when it is. */
export async function estate(): Promise<Estate> {
  const at = await bringUp((line) => process.stderr.write(`${line}\n`));
  const options = {
    ...clientOptions({ region: at.region, endpoint: at.aws }),
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const ledger = dynamoLedger({
    client: new DynamoDBClient(options),
    tableName: String(at['tableName']),
    clock: systemClock(),
  });
  const ssm = new SSMClient(options);
  return {
    at,
    ledger,
    read: records(ledger),
    settings: ssmSettings({ client: ssm, environment: 'local' }),
    sfn: new SFNClient(options),
    ssm,
    cloudwatch: new CloudWatchClient(options),
  };
}

/** Empties what the table has of a service, so that neither cooldown nor cascade of an earlier scenario counts. */
export async function forgetIncidents({ ledger, read }: Estate, service: string): Promise<void> {
  for (const pointer of await read.open()) {
    if (pointer.service === service)
      await ledger.write([{ kind: 'delete', key: keys.open(pointer.incident) }]);
  }
  for (const { pk, sk } of await ledger.list(`service#${service}`, '')) {
    if (!sk.startsWith('lease')) await ledger.write([{ kind: 'delete', key: { pk, sk } }]);
  }
  const lease = await read.lease(service);
  if (lease) await ledger.write([{ kind: 'delete', key: keys.lease(service) }]);
}

export async function recordBaseline(
  { ledger }: Estate,
  service: string,
  kept: Pick<Baseline, 'release' | 'references'>,
): Promise<void> {
  const now = Date.now();
  const id = `${service}-b${stamp(now)}`;
  const item = { id, recordedAt: now, by: 'test', ...kept };
  await ledger.write([{ kind: 'put', key: keys.baseline(service, id), item }]);
}

export const putFlag = ({ ssm }: Estate, Name: string, Value: string) =>
  ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));

export const readFlag = async ({ ssm }: Estate, Name: string): Promise<string | undefined> =>
  (await ssm.send(new GetParameterCommand({ Name }))).Parameter?.Value;

/** Sets the mode of one service, or takes it away again. */
export async function setMode(on: Estate, service: string, mode: string | undefined): Promise<void> {
  const Name = parameterNames('local').serviceMode(service);
  if (mode === undefined) await on.ssm.send(new DeleteParameterCommand({ Name })).catch(() => undefined);
  else await putFlag(on, Name, mode);
}

/** What a command prints that a person types in the project's folder. @throws when it does not end with 0 */
export async function reinstate(...words: string[]): Promise<string> {
  const typed = ['bin/reinstate.ts', ...words, '--env', 'local'];
  return (await promisify(execFile)(process.execPath, typed, { cwd: projectRoot, timeout: 150_000 })).stdout;
}

/** Starts an execution as the console does. */
export async function start({ sfn, at }: Estate, input: unknown): Promise<string> {
  const command = new StartExecutionCommand({
    stateMachineArn: at['stateMachineArn'],
    input: JSON.stringify(input),
  });
  return (await sfn.send(command)).executionArn ?? '';
}

/** A monitor of our own for a service that has none: publishes what it is told, every second, until it is stopped. */
export function publisher({ cloudwatch }: Estate, namespace: string, service: string) {
  const values = new Map<string, number>();
  const publish = async () => {
    const MetricData = [...values].map(([MetricName, Value]) => ({
      MetricName,
      Value,
      Timestamp: new Date(),
      StorageResolution: 1,
      Dimensions: [{ Name: 'service', Value: service }],
    }));
    if (MetricData.length > 0)
      await cloudwatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
  };
  const timer = setInterval(
    () => publish().catch((error) => process.stderr.write(`publish: ${error}\n`)),
    1000,
  );
  return {
    set: (metric: string, value: number) => values.set(metric, value),
    stop: () => clearInterval(timer),
  };
}

/** Asks every quarter of a second until there is an answer. @throws with `what` when there is none in time. */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`Waited ${seconds} s in vain: ${what}`);
}

/** The newest incident of a service, once it `is` what is waited for. */
export const untilIncident = (
  { read }: Estate,
  service: string,
  { is, seconds }: { is: (incident: Incident) => boolean; seconds: number },
): Promise<Incident> =>
  until(`an incident of ${service}`, seconds, async () => {
    const newest = (await read.summaries(service)).sort((a, b) => a.openedAt - b.openedAt).at(-1);
    const incident = newest && (await read.incident(newest.id));
    return incident && is(incident) ? incident : undefined;
  });

export const hasEnded = (incident: Incident): boolean =>
  incident.state === 'closed' || incident.state === 'ended';
