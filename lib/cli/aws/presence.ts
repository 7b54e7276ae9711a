/** Whether the credentials lead to this deployment: told before a command does anything else. */
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { nameOf, outside } from '../../adapters/aws-errors.ts';
import { type Environment, tableName } from '../../core/environment.ts';
import { NotReady } from '../../core/errors.ts';

export interface Presence {
  readonly client: DynamoDBClient;
  readonly environment: Environment;
  /** Set for a local AWS. */
  readonly endpoint?: string;
}

/** @throws NotReady with what to do: no credentials, another account, no deployment, a local AWS that is down. */
export async function checkPresence(at: Presence): Promise<void> {
  await checkAccount(at);
  const arn = await tableArn(at);
  const [, , , region, account] = arn.split(':');
  const { environment } = at;
  if (account === environment.account && region === environment.region) return;
  throw new NotReady(
    `Cannot use table "${tableName(environment.name)}": it is in account ${account} in ${region}, the environment is ${placeOf(environment)}; choose credentials with AWS_PROFILE`,
  );
}

async function checkAccount({ client, environment }: Presence): Promise<void> {
  const { accountId } = await client.config.credentials().catch((cause: unknown) => {
    const text = `Cannot reach environment "${environment.name}": ${noCredentials(cause)}; sign in, or set AWS_PROFILE`;
    throw new NotReady(text, { cause });
  });
  if (accountId === undefined || accountId === environment.account) return;
  throw new NotReady(
    `Cannot reach environment "${environment.name}": the credentials are of account ${accountId}, it is ${placeOf(environment)}; choose others with AWS_PROFILE`,
  );
}

/** A profile that was named, or a session that is over, is said by the SDK; that nothing was found is not said well. */
function noCredentials(cause: unknown): string {
  const said = cause instanceof Error ? cause.message.replace(/\.\s*$/, '') : '';
  const nothing = said === '' || /^Could not load credentials from any providers/.test(said);
  return nothing ? 'no AWS credentials were found' : `no AWS credentials were found: ${said}`;
}

async function tableArn({ client, environment, endpoint }: Presence): Promise<string> {
  const TableName = tableName(environment.name);
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    return Table?.TableArn ?? '';
  } catch (error) {
    if (endpoint !== undefined) throw localTrouble(endpoint, error);
    if (nameOf(error) !== 'ResourceNotFoundException') throw outside(`look for table "${TableName}"`, error);
    throw new NotReady(
      `Cannot find a deployment of "${environment.name}": there is no table "${TableName}" ${placeOf(environment)}; deploy it: npx cdk deploy -c env=${environment.name}, or choose credentials with AWS_PROFILE`,
      { cause: error },
    );
  }
}

const placeOf = ({ account, region }: Environment): string => `in account ${account} in ${region}`;

const localTrouble = (endpoint: string, cause: unknown): NotReady => {
  const missing = nameOf(cause) === 'ResourceNotFoundException';
  const why = missing ? 'has no deployment' : 'does not answer';
  return new NotReady(
    `Cannot reach environment "local": the local AWS at ${endpoint} ${why}; run: npm run local -- up`,
    { cause },
  );
};
