import { describe, expect, it } from '@jest/globals';
import type { Patch } from '../../../lib/adapters/kubernetes/client.ts';
import { ROLLOUTS } from '../../../lib/adapters/kubernetes/objects.ts';
import { json } from '../serve.ts';
import { clientOf, status } from './api-server.ts';

const web = { of: ROLLOUTS, namespace: 'prod', name: 'web' };
const abort: Patch = { type: 'merge-patch', subresource: 'status', body: { status: { abort: true } } };
const PATCHING = 'Cannot patch rollouts/status "web" in "prod" of cluster "main"';
const GETTING = 'Cannot get rollouts "web" in "prod" of cluster "main"';

const trouble = (message: RegExp) => ({ name: 'OutsideTrouble', message: expect.stringMatching(message) });
const unauthorized = { kind: 'Status', status: 'Failure', message: 'Unauthorized', code: 401 };

describe('F27: a token that the cluster does not take', () => {
  it('is made again once, also for a PATCH: nothing was taken', async () => {
    const { client, seen } = await clientOf((response, n) =>
      n === 0 ? json(response, unauthorized, 401) : json(response, {}),
    );

    expect(await client.patch(web, abort)).toMatchObject({ status: 200 });
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  it('is refused for good the second time, and whose it is is named', async () => {
    const { client, seen } = await clientOf((response) => json(response, unauthorized, 401));

    await expect(client.get(web)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: `${GETTING}: the cluster does not know who asks (401), nor with a new token: role "x" has no access entry`,
    });
    expect(seen).toHaveLength(2);
  });
});

describe('F28: a permission that is missing', () => {
  const user = 'arn:aws:sts::111122223333:assumed-role/apply-rollout/session';
  const lacks = 'rollouts.argoproj.io "web" is forbidden:';

  it('is named by verb, resource, group and namespace, and asked once', async () => {
    const { client, seen } = await clientOf((response) =>
      status(
        response,
        403,
        `${lacks} User "${user}" cannot patch resource "rollouts/status" in API group "argoproj.io" in the namespace "prod"`,
      ),
    );

    await expect(client.patch(web, abort)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: `${PATCHING}: user "${user}" lacks the permission to patch "rollouts/status" of API group "argoproj.io" in namespace "prod"`,
    });
    expect(seen).toHaveLength(1);
  });

  it('is named for the core group and the whole cluster too', async () => {
    const { client } = await clientOf((response) =>
      status(
        response,
        403,
        `nodes is forbidden: User "x" cannot list resource "nodes" in API group "" at the cluster scope`,
      ),
    );

    await expect(client.get(web)).rejects.toThrow(
      /user "x" lacks the permission to list "nodes" of API group "" in the whole cluster$/,
    );
  });

  it('is told apart from a webhook that refuses in words of its own', async () => {
    const { client } = await clientOf((response) =>
      status(response, 403, 'admission webhook "freeze.example" denied the request: it is Friday'),
    );

    await expect(client.get(web)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: `${GETTING}: the cluster refused (403): "admission webhook "freeze.example" denied the request: it is Friday"`,
    });
  });
});

describe('F29: endings that are expected are values', () => {
  it.each([
    [404, 'rollouts.argoproj.io "web" not found'],
    [409, 'Operation cannot be fulfilled: the object has been modified'],
    [422, 'the server rejected our request due to an error in our request'],
  ])('%d, with what the cluster said', async (code, message) => {
    const { client, seen } = await clientOf((response) => status(response, code, message));

    expect(await client.patch(web, abort)).toEqual({ status: code, message });
    expect(seen).toHaveLength(1);
  });

  it('F55: without the object that strict validation quotes', async () => {
    const object = JSON.stringify({ spec: { env: [{ name: 'DB', value: 'hunter2' }] } });
    const { client } = await clientOf((response) =>
      status(
        response,
        422,
        `"" is invalid: patch: Invalid value: ${JSON.stringify(object)}: unknown field "spec.x"`,
      ),
    );

    expect(await client.patch(web, abort)).toEqual({
      status: 422,
      message: '"" is invalid: patch: Invalid value: "{...}": unknown field "spec.x"',
    });
  });

  it('F55: nor a credential that it repeats', async () => {
    const { client } = await clientOf((response) => status(response, 409, 'password=hunter2 is taken'));

    expect(await client.patch(web, abort)).toMatchObject({ message: 'password=[redacted] is taken' });
  });

  it('404 in plain text is a kind that the cluster does not know', async () => {
    const { client } = await clientOf((response) => response.writeHead(404).end('404 page not found\n'));

    expect(await client.get(web)).toEqual({
      status: 404,
      message: 'the cluster does not know this kind of object',
    });
  });
});

describe('answers that are not expected', () => {
  it('400 is refused for good, with what the cluster said', async () => {
    const { client, seen } = await clientOf((response) => status(response, 400, 'strict decoding error: x'));

    await expect(client.patch(web, abort)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: `${PATCHING}: the cluster answered 400 "strict decoding error: x"`,
    });
    expect(seen).toHaveLength(1);
  });

  it('F26: a redirect is not followed', async () => {
    const { client, seen } = await clientOf((response) =>
      response.writeHead(307, { location: 'https://169.254.169.254/latest' }).end(),
    );

    await expect(client.get(web)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: `${GETTING}: the cluster answered 307; redirects are not followed`,
    });
    expect(seen).toHaveLength(1);
  });

  it('200 that is no JSON is trouble', async () => {
    const { client } = await clientOf((response) => response.end('<html>sign in</html>'));

    await expect(client.get(web)).rejects.toMatchObject(
      trouble(/: the cluster answered 200 with "<html>sign in<\/html>"; expected JSON$/),
    );
  });
});
