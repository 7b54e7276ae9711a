/** Which environment is meant, and whether it can be reached. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { checkPresence } from '../../lib/cli/aws/presence.ts';
import { deskOf, openDesk } from '../../lib/cli/deployment.ts';
import { findEnvironment } from '../../lib/cli/which-environment.ts';
import { awsError } from '../adapters/stub-client.ts';
import { aDesk, aFolderWith, aWorld, environment, type } from './desk.ts';

const PROD = 'account: "111122223333"\nregion: eu-west-1\n';
const LOCAL =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of the files, not of TypeScript
  'account: "000000000000"\nregion: us-east-1\ninsecure-local: true\nmlflow: { url: "${mlflow}" }\n';
const ENDPOINTS = {
  aws: 'http://127.0.0.1:9',
  region: 'us-east-1',
  mlflow: 'http://127.0.0.1:5000',
  model: 'http://127.0.0.1:8080',
};

const both = {
  'environments/prod/environment.yaml': PROD,
  'environments/prod/services/recommender.yaml': 'this is not read here',
  'environments/local/environment.yaml': LOCAL,
};
const up = { ...both, '.reinstate/local/endpoints.json': JSON.stringify(ENDPOINTS) };

describe('findEnvironment()', () => {
  it('takes --env, then REINSTATE_ENV, then local where it runs', () => {
    const cwd = aFolderWith(up);
    const chosen = (asked: string | undefined, env = {}) =>
      findEnvironment({ cwd, env }, asked).environment.name;

    expect([chosen('prod'), chosen(undefined, { REINSTATE_ENV: 'prod' }), chosen(undefined)]).toEqual([
      'prod',
      'prod',
      'local',
    ]);
  });

  it('needs no service file to be right: on call nobody repairs one first', () => {
    expect(findEnvironment({ cwd: aFolderWith(both), env: {} }, 'prod').services).toEqual(['recommender']);
  });

  it('fills the placeholders of local from its endpoints, also in a state folder of its own', () => {
    const cwd = aFolderWith(both);
    const state = aFolderWith({ 'local/endpoints.json': JSON.stringify(ENDPOINTS) });

    const found = findEnvironment({ cwd, env: { REINSTATE_STATE: state } }, 'local');

    expect(found.environment.mlflow).toEqual({ url: ENDPOINTS.mlflow });
    expect(found.local).toEqual(ENDPOINTS);
  });

  it.each([
    ['no folder at all', {}, 'prod', 'Cannot find folder "environments" here; change to the folder'],
    [
      'nothing that says which',
      both,
      undefined,
      'Cannot choose an environment; name one with --env: local, prod',
    ],
    [
      'an unknown one',
      both,
      'prods',
      'Cannot find environment "prods" (did you mean "prod"?); expected one of local, prod',
    ],
    [
      'the one of the demo over twins, whose report names commands',
      both,
      'embedded',
      'nothing of them is left but the report, in .reinstate/reports; for one that stays: npm run local -- up',
    ],
    ['a local one that is not up', both, 'local', 'it is not up; run: npm run local -- up'],
    [
      'endpoints that are half written',
      { ...up, '.reinstate/local/endpoints.json': '{"aws":' },
      'local',
      'are not as expected',
    ],
    [
      'a broken file',
      { 'environments/prod/environment.yaml': 'account: 1\n' },
      'prod',
      'environments/prod/environment.yaml:1:',
    ],
  ] as const)('says what to do about %s', (...[, files, asked, sentence]) => {
    expect(() => findEnvironment({ cwd: aFolderWith(files), env: {} }, asked)).toThrow(sentence);
  });
});

/** A DynamoDB whose DescribeTable answers so, reached with these credentials. */
const aClient = (answer: object | Error, credentials: object | Error = {}) =>
  ({
    config: { credentials: async () => orThrow(credentials) },
    send: async () => orThrow(answer),
  }) as unknown as DynamoDBClient;

function orThrow(what: object | Error): object {
  if (what instanceof Error) throw what;
  return what;
}

const prod = { ...environment, name: 'prod', account: '111122223333', region: 'eu-west-1' };
const arn = (place: string) => ({ Table: { TableArn: `arn:aws:dynamodb:${place}:table/reinstate-prod` } });
const noCredentials = (said: string) => awsError('CredentialsProviderError', undefined, said);
const missing = awsError('ResourceNotFoundException', 400);

describe('checkPresence()', () => {
  it('finds the table in the account and region of the environment', async () => {
    const client = aClient(arn('eu-west-1:111122223333'), { accountId: '111122223333' });

    await expect(checkPresence({ client, environment: prod })).resolves.toBeUndefined();
  });

  it.each([
    [
      'no credentials',
      aClient(arn(''), noCredentials('Could not load credentials from any providers')),
      'no AWS credentials were found; sign in, or set AWS_PROFILE',
    ],
    [
      'a session that is over',
      aClient(arn(''), noCredentials('The SSO session of profile=ada is invalid.')),
      'no AWS credentials were found: The SSO session of profile=ada is invalid; sign in, or set AWS_PROFILE',
    ],
    [
      'credentials of another account',
      aClient(arn(''), { accountId: '999999999999' }),
      'the credentials are of account 999999999999, it is in account 111122223333 in eu-west-1; choose others with AWS_PROFILE',
    ],
    [
      'a table of another account',
      aClient(arn('eu-west-1:999999999999')),
      'it is in account 999999999999 in eu-west-1, the environment is in account 111122223333',
    ],
    [
      'no table',
      aClient(missing),
      'there is no table "reinstate-prod" in account 111122223333 in eu-west-1; deploy it: npx cdk deploy -c env=prod',
    ],
  ])('is not ready with %s, and says what to do', async (_, client, sentence) => {
    const error = await checkPresence({ client, environment: prod }).catch((e: unknown) => e as Error);

    expect(error).toMatchObject({ name: 'NotReady', message: expect.stringContaining(sentence) });
  });

  it.each([
    [missing, 'has no deployment; run: npm run local -- up'],
    [awsError('ECONNREFUSED', undefined), 'does not answer; run: npm run local -- up'],
  ])('says how the local AWS is brought up', async (answer, sentence) => {
    const check = checkPresence({ client: aClient(answer), environment, endpoint: 'http://127.0.0.1:9' });

    await expect(check).rejects.toThrow(`the local AWS at http://127.0.0.1:9 ${sentence}`);
  });

  it('tells credentials that have expired as not ready too', async () => {
    const expired = awsError(
      'ExpiredTokenException',
      400,
      'The security token included in the request is expired',
    );
    const open = () =>
      checkPresence({ client: aClient(expired), environment: prod }).then(() => aDesk(aWorld()));

    const { exit, err } = await type(aDesk(aWorld()), 'hold list', { open });

    expect([exit, err]).toEqual([
      3,
      expect.stringContaining('is expired; sign in again, or set AWS_PROFILE'),
    ]);
  });
});

describe('openDesk()', () => {
  it('is not ready while the local AWS does not answer, and says so within a few seconds', async () => {
    const host = { cwd: aFolderWith(up), env: {} };

    const typed = await type(aDesk(aWorld()), 'hold list', {
      ...host,
      open: (h, name) => openDesk({ ...h, ...host }, name),
    });

    expect(typed).toMatchObject({ exit: 3, err: expect.stringContaining('npm run local -- up') });
  });

  it('makes every adapter with the fixed names of the deployment', () => {
    const desk = deskOf(findEnvironment({ cwd: aFolderWith(both), env: {} }, 'prod'), () => undefined);

    expect(desk.machine.arnOf('x')).toBe(
      'arn:aws:states:eu-west-1:111122223333:execution:reinstate-prod-incident:x',
    );
    expect(desk.copies).toBeUndefined();
  });
});
