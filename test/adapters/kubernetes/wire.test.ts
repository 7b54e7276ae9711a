import { describe, expect, it } from '@jest/globals';
import { wireTo } from '../../../lib/adapters/kubernetes/wire.ts';
import { NO_CLUSTER } from '../../../lib/core/environment.ts';
import { json } from '../serve.ts';
import { apiServer } from './api-server.ts';
import { certificateFor } from './certificate.ts';

const ask = { method: 'GET', path: '/version', headers: {}, timeoutMs: 10_000 } as const;

describe('wireTo', () => {
  it('refuses a server whose certificate another CA signed, before it sends the token', async () => {
    const { endpoint, seen } = await apiServer((response) => json(response, {}));
    const { ca } = certificateFor('127.0.0.1');

    await expect(wireTo(endpoint, ca)(ask)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringMatching(
        /^Cannot trust https:\/\/127.0.0.1:\d+\/: its certificate is not one of the cluster's CA for this host \(.+\)$/,
      ),
    });
    expect(seen).toEqual([]);
  });

  it('refuses a certificate of the right CA for another host', async () => {
    const { endpoint, ca, seen } = await apiServer((response) => json(response, {}));

    await expect(wireTo(endpoint.replace('127.0.0.1', 'localhost'), ca)(ask)).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringMatching(/ERR_TLS_CERT_ALTNAME_INVALID/),
    });
    expect(seen).toEqual([]);
  });

  it.each([
    'http://api.example',
    'https://user:hunter2@api.example',
    'https://api.example/?token=hunter2',
    'api.example',
    '',
  ])('refuses the endpoint %j', async (endpoint) => {
    const { ca } = certificateFor('127.0.0.1');

    expect(() => wireTo(endpoint, ca)).toThrow(/expected https:\/\/host without user or query$/);
    expect(() => wireTo(endpoint, ca)).not.toThrow(/hunter2/);
  });

  it('refuses a CA that is no certificate', () => {
    const pem = Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----').toString(
      'base64',
    );

    for (const ca of ['', 'x', pem]) {
      expect(() => wireTo('https://api.example', ca)).toThrow(/^Cannot use the CA of a cluster: expected/);
    }
  });

  it('says that no cluster is up where local has only placeholders', () => {
    expect(() => wireTo(NO_CLUSTER.url, NO_CLUSTER.ca)).toThrow(
      /none is up; run: npm run local -- up --with/,
    );
  });

  it('keeps the path that an endpoint has', async () => {
    const { endpoint, ca, seen } = await apiServer((response) => json(response, {}));

    await wireTo(`${endpoint}/k8s/clusters/c-1/`, ca)(ask);

    expect(seen[0]?.line).toBe('GET /k8s/clusters/c-1/version');
  });

  it('F21: gives up on a server that trickles its answer', async () => {
    const { endpoint, ca } = await apiServer((response) => {
      const drip = setInterval(() => response.write('x'), 5);
      response.on('close', () => clearInterval(drip));
    });

    const startedAt = performance.now();

    await expect(wireTo(endpoint, ca)({ ...ask, timeoutMs: 150 })).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(/no whole answer in 150 ms$/),
    });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('takes a server that is not there for trouble', async () => {
    const { endpoint, ca } = await apiServer(() => undefined);

    await expect(wireTo(endpoint.replace(/\d+$/, '1'), ca)(ask)).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(/ECONNREFUSED/),
    });
  });
});
