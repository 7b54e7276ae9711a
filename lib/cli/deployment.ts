/** Finds a deployment and makes the adapters to it. Names are fixed, so CloudFormation is not asked. */
import { join } from 'node:path';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EKSClient } from '@aws-sdk/client-eks';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type AwsPlace, clientOptions, s3Options, unretriedOptions } from '../adapters/clients.ts';
import { systemClock } from '../adapters/clock.ts';
import { addressesOf } from '../adapters/kubernetes/addresses.ts';
import { dynamoLedger } from '../adapters/ledger/dynamodb.ts';
import { marker } from '../adapters/levers/mark.ts';
import { leverRegistry } from '../adapters/levers/registry.ts';
import { ssmSettings } from '../adapters/settings.ts';
import { cloudwatchSignals } from '../adapters/signals/cloudwatch.ts';
import { stateMachineArn, tableName } from '../core/environment.ts';
import { sfnMachine } from './aws/machine.ts';
import { ssmModes } from './aws/modes.ts';
import { checkPresence } from './aws/presence.ts';
import { bucketReports } from './aws/stored-reports.ts';
import { checkService, type Desk } from './desk.ts';
import type { Host } from './host.ts';
import { type Found, findEnvironment, localFolder } from './which-environment.ts';

/** The desk of an environment, once it is certain that its deployment can be reached. @throws BadInput, NotReady */
export async function openDesk(host: Host, name: string | undefined, service?: string): Promise<Desk> {
  const found = findEnvironment(host, name);
  if (service !== undefined) checkService(found, service);
  const { environment, local } = found;
  const { options } = awsOf(found);
  const endpoint = local && { endpoint: local.aws };
  await checkPresence({ client: new DynamoDBClient(options), environment, ...endpoint });
  const folder = local && { copies: join(localFolder(host), 'reports') };
  return { ...deskOf(found, (line) => host.terminal.err(`${line}\n`)), ...folder };
}

/** All adapters of a deployment. */
export function deskOf(found: Found, say: (line: string) => void): Desk {
  const { environment, services } = found;
  const { options, unretried, s3 } = awsOf(found);
  const clock = systemClock();
  const ssm = new SSMClient(options);
  const mlflow = { clock, secrets: new SecretsManagerClient(options) };
  const clusters = { eks: new EKSClient(options), ...(found.local && { credentials: anyCredentials }) };
  return {
    environment,
    services,
    clock,
    ledger: dynamoLedger({
      client: new DynamoDBClient(options),
      tableName: tableName(environment.name),
      clock,
    }),
    settings: ssmSettings({ client: ssm, environment: environment.name }),
    modes: ssmModes({ client: ssm, environment: environment.name }),
    signals: cloudwatchSignals({ client: new CloudWatchClient(options) }),
    levers: leverRegistry({ ...mlflow, ...clusters, ssm: new SSMClient(unretried) }),
    marker: marker(mlflow),
    addresses: (armed) => addressesOf(armed, clusters.eks),
    machine: sfnMachine({
      client: new SFNClient(options),
      stateMachineArn: stateMachineArn(environment),
      clock,
      say,
    }),
    reports: bucketReports({ client: new S3Client(s3) }),
  };
}

/** A local AWS takes any credentials; it has to get some, or the SDK looks for real ones. */
const ANY_CREDENTIALS = { credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

export const anyCredentials = async () => ANY_CREDENTIALS.credentials;

export function awsOf({ environment, local }: Found) {
  const place: AwsPlace = { region: environment.region, ...(local && { endpoint: local.aws }) };
  const credentials = local && ANY_CREDENTIALS;
  return {
    options: { ...clientOptions(place), ...credentials },
    unretried: { ...unretriedOptions(place), ...credentials },
    s3: { ...s3Options(place), ...credentials },
  };
}
