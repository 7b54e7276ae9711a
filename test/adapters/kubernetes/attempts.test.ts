import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { Patch } from '../../../lib/adapters/kubernetes/client.ts';
import { ROLLOUTS } from '../../../lib/adapters/kubernetes/objects.ts';
import type { WireRequest } from '../../../lib/adapters/kubernetes/wire.ts';
import { json } from '../serve.ts';
import { clientOf, status } from './api-server.ts';

const web = { of: ROLLOUTS, namespace: 'prod', name: 'web' };
const pin: Patch = { type: 'json-patch', body: [] };
const trouble = (message: RegExp) => ({ name: 'OutsideTrouble', message: expect.stringMatching(message) });

const later = (response: ServerResponse, retryAfter: string): void => {
  response.setHeader('retry-after', retryAfter);
  status(response, 429, 'too many requests');
};

describe('F29: the cluster says when to ask again', () => {
  it.each(['get', 'patch'] as const)('and a %s waits for so long: nothing was taken', async (verb) => {
    const { client, seen, clock } = await clientOf(
      (response, n) => (n === 0 ? later(response, '2') : json(response, {})),
      { random: () => 0 },
    );

    expect(await (verb === 'get' ? client.get(web) : client.patch(web, pin))).toMatchObject({ status: 200 });
    expect(seen).toHaveLength(2);
    expect(clock.now()).toBe(2000);
  });

  it('also as a date, also with 503', async () => {
    const { client, clock } = await clientOf((response, n) => {
      if (n > 0) return json(response, {});
      return response.writeHead(503, { 'retry-after': new Date(3000).toUTCString() }).end();
    });

    await client.get(web);

    expect(clock.now()).toBe(3400);
  });

  it('but no longer than 8 s in all', async () => {
    const { client, seen, clock } = await clientOf((response) => later(response, '30'));

    await expect(client.get(web)).rejects.toMatchObject(
      trouble(/the cluster answered 429 "too many requests"$/),
    );
    expect(seen).toHaveLength(1);
    expect(clock.now()).toBe(0);
  });

  it('and no more than three times', async () => {
    const { client, seen } = await clientOf((response) => later(response, '1'));

    await expect(client.patch(web, pin)).rejects.toMatchObject(trouble(/429/));
    expect(seen).toHaveLength(3);
  });
});

describe('F29: a connection that is cut', () => {
  it('is no matter for a GET', async () => {
    const { client, seen, clock } = await clientOf((response, n) =>
      n < 2 ? response.destroy() : json(response, {}),
    );

    expect(await client.get(web)).toMatchObject({ status: 200 });
    expect(seen).toHaveLength(3);
    expect(clock.now()).toBe(1200);
  });

  it('is trouble after three times', async () => {
    const { client, seen } = await clientOf((response) => response.destroy());

    await expect(client.get(web)).rejects.toMatchObject(
      trouble(/^Cannot get rollouts "web" in "prod" of cluster "main": Cannot reach .+: socket hang up$/),
    );
    expect(seen).toHaveLength(3);
  });

  it('is trouble at once for a PATCH, which may have been taken', async () => {
    const { client, seen } = await clientOf((response) => response.destroy());

    await expect(client.patch(web, pin)).rejects.toMatchObject(trouble(/socket hang up$/));
    expect(seen).toHaveLength(1);
  });

  it('does not reach a PATCH that comes after reads: it has a connection of its own', async () => {
    const ports: unknown[] = [];
    const { client } = await clientOf((response, _, { socket }) => {
      ports.push(socket.remotePort);
      json(response, {});
    });

    await client.get(web);
    await client.patch(web, pin);

    expect(new Set(ports).size).toBe(2);
  });
});

describe('F29: a cluster in trouble', () => {
  it.each([500, 502, 503, 504, 408])('%d is asked again for a GET', async (code) => {
    const { client, seen } = await clientOf((response) => status(response, code, 'etcdserver: no leader'));

    await expect(client.get(web)).rejects.toMatchObject(
      trouble(new RegExp(`the cluster answered ${code} "etcdserver: no leader"$`)),
    );
    expect(seen).toHaveLength(3);
  });

  it('a PATCH is sent once', async () => {
    const { client, seen } = await clientOf((response) =>
      status(response, 500, 'etcdserver: request timed out'),
    );

    await expect(client.patch(web, pin)).rejects.toMatchObject(trouble(/answered 500/));
    expect(seen).toHaveLength(1);
  });

  it('each try has 3 s, the last one what is left of 8 s', async () => {
    const times: number[] = [];
    const { client, clock } = await clientOf(() => undefined, {
      wire: async ({ timeoutMs }: WireRequest) => {
        times.push(timeoutMs);
        clock.advance(2500);
        return { status: 503, contentType: '', text: '' };
      },
    });

    await expect(client.get(web)).rejects.toMatchObject(trouble(/503/));
    expect(times).toEqual([3000, 3000, 1800]);
  });

  it('nothing is asked again where 8 s would be over by then', async () => {
    const { client, clock } = await clientOf(() => undefined, {
      wire: async () => {
        clock.advance(7600);
        return { status: 503, contentType: '', text: '' };
      },
    });

    await expect(client.get(web)).rejects.toMatchObject(trouble(/503/));
    expect(clock.now()).toBe(7600);
  });
});
