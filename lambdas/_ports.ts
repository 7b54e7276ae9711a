/** The adapters of a deployed function, made at its cold start; a function bundles only those it names. */
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EKSClient } from '@aws-sdk/client-eks';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { clientOptions, unretriedOptions } from '../lib/adapters/clients.ts';
import { systemClock } from '../lib/adapters/clock.ts';
import { sfnExecutions } from '../lib/adapters/executions.ts';
import { dynamoLedger } from '../lib/adapters/ledger/dynamodb.ts';
import { channelNotifier } from '../lib/adapters/notify/notifier.ts';
import { pagerDutyChannel } from '../lib/adapters/notify/pagerduty.ts';
import { slackChannel } from '../lib/adapters/notify/slack.ts';
import { ssmSettings } from '../lib/adapters/settings.ts';
import { cloudwatchSignals } from '../lib/adapters/signals/cloudwatch.ts';
import type { CallEntry } from '../lib/core/service.ts';
import type { Ledger } from '../lib/ports/ledger.ts';
import type { Notifier } from '../lib/ports/notifier.ts';

/** Lambda sets the region; an endpoint is set by a local AWS only. */
export const place = {
  region: process.env.AWS_REGION ?? 'us-east-1',
  ...(process.env.AWS_ENDPOINT_URL && { endpoint: process.env.AWS_ENDPOINT_URL }),
};
export const options = clientOptions(place);
export const clock = systemClock();

export const ledgerIn = (tableName: string) =>
  dynamoLedger({ client: new DynamoDBClient(options), tableName, clock });
export const settingsOf = (environment: string) =>
  ssmSettings({ client: new SSMClient(options), environment });
export const signals = () => cloudwatchSignals({ client: new CloudWatchClient(options) });
export const executionsOf = (stateMachineArn: string) =>
  sfnExecutions({ client: new SFNClient(options), stateMachineArn, clock });
/** Whoever is paged. The only environment that may have stand-ins for the vendors is `local`. */
export function pagesTo(env: Readonly<Record<PagesVariable, string>>, ledger: Ledger): Notifier {
  const { ENVIRONMENT: environment, PAGES_TOPIC_ARNS, PAGED } = env;
  const reach = {
    clock,
    ledger,
    environment,
    insecureLocal: environment === 'local',
    secrets: new SecretsManagerClient(options),
  };
  return channelNotifier({
    client: new SNSClient(options),
    topics: PAGES_TOPIC_ARNS.split(','),
    paged: pagedIn(PAGED),
    channels: { slack: slackChannel(reach), pagerduty: pagerDutyChannel(reach) },
    clock,
  });
}
type PagesVariable = 'ENVIRONMENT' | 'PAGED' | 'PAGES_TOPIC_ARNS';

/** Whom the environment calls beside its topics. */
export const pagedIn = (text: string): CallEntry[] => JSON.parse(text) as CallEntry[];
export const flagDeps = () => ({ ssm: new SSMClient(unretriedOptions(place)), clock });
export const mlflowDeps = () => ({ clock, secrets: new SecretsManagerClient(options) });
/** A cluster's token is signed here, or stands in a secret. */
export const clusterDeps = () => ({
  clock,
  secrets: new SecretsManagerClient(options),
  eks: new EKSClient(options),
});
/** For whoever can go on without an answer of the control plane. */
export const unretriedEks = () => new EKSClient(unretriedOptions(place));
/** For whoever reads levers of every kind. */
export const readerDeps = () => ({ ...flagDeps(), ...clusterDeps() });
