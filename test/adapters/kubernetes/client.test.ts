import { describe, expect, it } from '@jest/globals';
import type { Patch } from '../../../lib/adapters/kubernetes/client.ts';
import { PODS, ROLLOUTS } from '../../../lib/adapters/kubernetes/objects.ts';
import { json } from '../serve.ts';
import { clientOf, status } from './api-server.ts';

const web = { of: ROLLOUTS, namespace: 'prod', name: 'web' };
const abort: Patch = { type: 'merge-patch', subresource: 'status', body: { status: { abort: true } } };

describe('kubeClient', () => {
  it('gets an object by group, version, namespace and name', async () => {
    const { client, seen } = await clientOf((response) => json(response, { kind: 'Rollout' }));

    expect(await client.get(web)).toEqual({ status: 200, json: { kind: 'Rollout' } });
    expect(seen).toMatchObject([
      {
        line: 'GET /apis/argoproj.io/v1alpha1/namespaces/prod/rollouts/web',
        headers: { authorization: 'Bearer token-1', accept: 'application/json', 'user-agent': 'reinstate' },
        body: '',
      },
    ]);
  });

  it('lists objects of the core group by label', async () => {
    const { client, seen } = await clientOf((response) => json(response, { items: [] }));

    await client.list(PODS, 'prod', 'app=web,tier in (a,b)');

    expect(seen[0]?.line).toBe(
      'GET /api/v1/namespaces/prod/pods?labelSelector=app%3Dweb%2Ctier+in+%28a%2Cb%29',
    );
  });

  it.each([
    ['json-patch', 'application/json-patch+json'],
    ['merge-patch', 'application/merge-patch+json'],
    ['strategic-merge', 'application/strategic-merge-patch+json'],
  ] as const)('sends a %s under its own content type', async (type, contentType) => {
    const { client, seen } = await clientOf((response) => json(response, {}));

    await client.patch(web, { type, body: [{ op: 'test', path: '/a', value: 'ä' }] });

    expect(seen).toMatchObject([
      {
        line: 'PATCH /apis/argoproj.io/v1alpha1/namespaces/prod/rollouts/web',
        headers: { 'content-type': contentType, 'content-length': '40' },
        body: '[{"op":"test","path":"/a","value":"ä"}]',
      },
    ]);
  });

  it('names subresource, field manager and strict validation in the address', async () => {
    const { client, seen } = await clientOf((response) => json(response, {}));

    await client.patch(web, { ...abort, fieldManager: 'reinstate-pin', strict: true });

    expect(seen[0]?.line).toMatch(
      /\/rollouts\/web\/status\?fieldManager=reinstate-pin&fieldValidation=Strict$/,
    );
  });

  it('asks a pod through the API server, and gives whatever it answers', async () => {
    const { client, seen } = await clientOf((response) => json(response, { version: '3' }, 404));

    const answer = await client.ask({ namespace: 'prod', name: 'web-1', port: 8080, path: '/v/1.0' });

    expect(answer).toMatchObject({ status: 404, text: '{"version":"3"}' });
    expect(seen[0]?.line).toBe('GET /api/v1/namespaces/prod/pods/web-1:8080/proxy/v/1.0');
  });

  it('says which right is missing to ask a pod', async () => {
    const text =
      'pods "web-1" is forbidden: User "x" cannot get resource "pods/proxy" in API group "" in the namespace "prod"';
    const { client } = await clientOf((response) => status(response, 403, text));

    await expect(client.ask({ namespace: 'prod', name: 'web-1', port: 80, path: '/' })).rejects.toMatchObject(
      {
        name: 'OutsideRefusal',
        message: expect.stringMatching(/user "x" lacks the permission to get "pods\/proxy"/),
      },
    );
  });

  it('says in the words of the cluster why a pod cannot be reached', async () => {
    const text = 'error trying to reach service: dial tcp 10.98.0.92:9: connect: connection refused';
    const { client } = await clientOf((response) => status(response, 503, text));

    await expect(client.ask({ namespace: 'prod', name: 'web-1', port: 9, path: '/' })).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: `Cannot ask pod "web-1" in "prod" for / of cluster "main": the cluster answered 503 "${text}"`,
    });
  });

  it('asks a pod that fails twice at most, and reads no more than 64 KiB of it', async () => {
    const { client, seen } = await clientOf((response, n) =>
      json(response, 'x'.repeat(70_000), n === 0 ? 503 : 200),
    );

    await expect(client.ask({ namespace: 'prod', name: 'web-1', port: 80, path: '/' })).rejects.toMatchObject(
      {
        name: 'OutsideTrouble',
        message: expect.stringContaining('more than 65536 bytes'),
      },
    );
    expect(seen).toHaveLength(2);
  });

  it.each([
    '',
    'version',
    '/..',
    '/a/../b',
    '/a/.',
    '/%2e%2e/x',
    '/a?b',
    '/a#b',
    '//a',
    '/a\\b',
    `/${'a'.repeat(1000)}`,
  ])('F38: asks no pod for the path %p', async (path) => {
    const { client, seen } = await clientOf((response) => json(response, {}));

    await expect(client.ask({ namespace: 'prod', name: 'web-1', port: 80, path })).rejects.toMatchObject({
      name: 'BadInput',
    });
    expect(seen).toEqual([]);
  });

  it('keeps its connection between reads', async () => {
    const ports = new Set<unknown>();
    const { client } = await clientOf((response, _, { socket }) => {
      ports.add(socket.remotePort);
      json(response, {});
    });

    await client.get(web);
    await client.get(web);

    expect(ports.size).toBe(1);
  });
});

describe('F38: kubeClient refuses a name before it asks anything', () => {
  it.each([
    '-x',
    ';rm -rf',
    '../secrets',
    '..',
    '',
    'a/b',
    'a%2fb',
    'a?x',
    'A',
    'a_b',
    'a.',
    'a'.repeat(300),
    'a.'.repeat(127),
    `a${'.a'.repeat(127)}`,
  ])('object %j', async (name) => {
    const { client, seen } = await clientOf((response) => json(response, {}));
    const refused = {
      name: 'BadInput',
      message: expect.stringMatching(/^Cannot use "[^"]{0,80}" as name: expected/),
    };

    await expect(client.get({ ...web, name })).rejects.toMatchObject(refused);
    await expect(client.patch({ ...web, name }, abort)).rejects.toMatchObject(refused);
    expect(seen).toEqual([]);
  });

  it.each(['-x', ';rm', '../kube-system', '', 'a.b', 'a/b', 'prod\n', 'a'.repeat(64), 'a'.repeat(300)])(
    'namespace %j',
    async (namespace) => {
      const { client, seen } = await clientOf((response) => json(response, {}));
      const refused = {
        name: 'BadInput',
        message: expect.stringMatching(/^Cannot use ".*" as namespace: expected/),
      };

      await expect(client.get({ ...web, namespace })).rejects.toMatchObject(refused);
      await expect(client.list(PODS, namespace, 'app=web')).rejects.toMatchObject(refused);
      expect(seen).toEqual([]);
    },
  );

  it.each(['a', '0', 'a-b.c', `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`])(
    'and takes %j',
    async (name) => {
      const { client } = await clientOf((response) => json(response, {}));

      await expect(client.get({ ...web, name })).resolves.toMatchObject({ status: 200 });
    },
  );
});
