import type { EKSClient } from '@aws-sdk/client-eks';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from '@jest/globals';
import { clusterClient, placeOf } from '../../../lib/adapters/kubernetes/cluster.ts';
import { describeCluster } from '../../../lib/adapters/kubernetes/describe-cluster.ts';
import { PODS } from '../../../lib/adapters/kubernetes/objects.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import type { ArmedService } from '../../../lib/core/service.ts';
import { anArmedService } from '../../service-builders.ts';
import { json } from '../serve.ts';
import { awsError, stubClient } from '../stub-client.ts';
import { apiServer } from './api-server.ts';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:cluster';
const secretOf = (...texts: string[]) =>
  stubClient<SecretsManagerClient>(...texts.map((SecretString) => ({ SecretString })));
const eksSaying = (...answers: Parameters<typeof stubClient>) => stubClient<EKSClient>(...answers);

describe('clusterClient', () => {
  it('signs in with the token of a secret, read once', async () => {
    const { endpoint, ca, seen } = await apiServer((response) => json(response, { items: [] }));
    const { client: secrets, sent } = secretOf('{"token":"abc.def"}');
    const place = { name: 'main', endpoint, ca, auth: { secret: SECRET } };
    const client = clusterClient(place, { clock: memoryClock(0), secrets });

    await client.list(PODS, 'prod', 'app=web');
    await client.list(PODS, 'prod', 'app=web');

    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer abc.def', 'Bearer abc.def']);
    expect(sent).toEqual([{ name: 'GetSecretValueCommand', input: { SecretId: SECRET } }]);
  });

  it('F27: reads the secret again when its token is refused', async () => {
    const { endpoint, ca } = await apiServer((response, _, { headers }) =>
      json(response, {}, headers.authorization === 'Bearer new' ? 200 : 401),
    );
    const { client: secrets } = secretOf('{"token":"old"}', '{"token":"new"}');
    const place = { name: 'main', endpoint, ca, auth: { secret: SECRET } };
    const client = clusterClient(place, { clock: memoryClock(0), secrets });

    expect(await client.list(PODS, 'prod', 'app=web')).toMatchObject({ status: 200 });
  });

  it('F27: says that the token of the secret is not good', async () => {
    const { endpoint, ca } = await apiServer((response) => json(response, {}, 401));
    const { client: secrets } = secretOf('{"token":"hunter2"}');
    const place = { name: 'main', endpoint, ca, auth: { secret: SECRET } };
    const client = clusterClient(place, { clock: memoryClock(0), secrets });
    const failed = await client.list(PODS, 'prod', 'app=web').catch(String);

    expect(failed).toMatch(/nor with a new token: the token in secret "arn:.+" is not, or no longer, one of/);
    expect(failed).not.toContain('hunter2');
  });

  it('signs in to EKS with a token for that cluster', async () => {
    const { endpoint, ca, seen } = await apiServer((response) => json(response, {}));
    const credentials = async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's' });
    const place = { name: 'main', endpoint, ca, auth: { eks: 'ml-prod', region: 'eu-west-1' } };

    await clusterClient(place, { clock: memoryClock(0), credentials }).list(PODS, 'prod', 'app=web');

    expect(seen[0]?.headers.authorization).toMatch(/^Bearer k8s-aws-v1\./);
  });

  it.each(['hunter2', '{"username":"hunter2"}', '{"token":""}', '{"token":"hunter2\\nx: y"}', '{"token":7}'])(
    'F55: refuses the secret %j without a word of it',
    async (text) => {
      const { endpoint, ca, seen } = await apiServer((response) => json(response, {}));
      const place = { name: 'main', endpoint, ca, auth: { secret: SECRET } };
      const client = clusterClient(place, { clock: memoryClock(0), secrets: secretOf(text).client });

      const failed = await client.list(PODS, 'prod', 'app=web').catch((error: unknown) => error);

      expect(failed).toMatchObject({
        name: 'OutsideRefusal',
        message: `Cannot use secret "${SECRET}": expected {"token"}, a text without spaces`,
      });
      expect(failed).not.toHaveProperty('cause');
      expect(seen).toEqual([]);
    },
  );
});

describe('placeOf', () => {
  const armed = (cluster: object): ArmedService => ({ ...anArmedService(), clusters: { main: cluster } });
  const auth = { eks: 'ml-prod', region: anArmedService().region };
  const found = { cluster: { endpoint: 'https://eks', certificateAuthority: { data: 'Q0E=' } } };

  it('takes endpoint and CA as they were armed, and asks nobody', async () => {
    const { client, sent } = eksSaying(found);
    const place = await placeOf(armed({ eks: 'ml-prod', endpoint: 'https://a', ca: 'Yg==' }), 'main', client);

    expect(place).toEqual({ name: 'main', endpoint: 'https://a', ca: 'Yg==', auth });
    expect(sent).toEqual([]);
  });

  it('asks EKS where they were not armed', async () => {
    const place = await placeOf(armed({ eks: 'ml-prod' }), 'main', eksSaying(found).client);

    expect(place).toEqual({ name: 'main', endpoint: 'https://eks', ca: 'Q0E=', auth });
  });

  it('prefers the secret where one is named', async () => {
    const place = await placeOf(armed({ secret: SECRET, endpoint: 'https://a', ca: 'Yg==' }), 'main');

    expect(place.auth).toEqual({ secret: SECRET });
  });

  it.each([
    ['other', {}, /^Cannot reach cluster "other": environment ".+" has none of that name$/],
    ['main', { secret: SECRET }, /gives no endpoint or no CA$/],
    ['main', { eks: 'ml-prod' }, /its endpoint was not armed, and this function cannot ask EKS$/],
    ['main', { endpoint: 'https://a', ca: 'Yg==' }, /expected the name of an EKS cluster, or a secret/],
  ])('refuses "%s" armed as %j', async (name, cluster, why) => {
    await expect(placeOf(armed(cluster), name)).rejects.toThrow(why);
  });
});

describe('describeCluster', () => {
  it('gives endpoint and CA', async () => {
    const { client, sent } = eksSaying({
      cluster: { endpoint: 'https://eks', certificateAuthority: { data: 'Q0E=' }, status: 'ACTIVE' },
    });

    expect(await describeCluster(client, 'ml-prod')).toEqual({ endpoint: 'https://eks', ca: 'Q0E=' });
    expect(sent).toEqual([{ name: 'DescribeClusterCommand', input: { name: 'ml-prod' } }]);
  });

  it.each([
    [
      awsError('ResourceNotFoundException', 404),
      'OutsideRefusal',
      /account and region have none of that name$/,
    ],
    [
      awsError('AccessDeniedException', 403),
      'OutsideRefusal',
      /role lacks the permission eks:DescribeCluster$/,
    ],
    [awsError('ThrottlingException', 400), 'OutsideTrouble', /ThrottlingException: it said so$/],
    [awsError('TimeoutError', undefined), 'OutsideTrouble', /TimeoutError: it said so$/],
    [{ cluster: { status: 'CREATING' } }, 'OutsideTrouble', /it is CREATING and has no endpoint$/],
    [{ cluster: { status: 'FAILED' } }, 'OutsideRefusal', /it is FAILED and has no endpoint$/],
  ])('says plainly what is wrong: %#', async (answer, name, why) => {
    await expect(describeCluster(eksSaying(answer).client, 'ml-prod')).rejects.toMatchObject({
      name,
      message: expect.stringMatching(new RegExp(`^Cannot find EKS cluster "ml-prod": .*${why.source}`)),
    });
  });

  it('F38: refuses a name before it asks', async () => {
    const { client, sent } = eksSaying({});

    await expect(describeCluster(client, '../clusters')).rejects.toMatchObject({ name: 'BadInput' });
    expect(sent).toEqual([]);
  });
});
