import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { type ClientDeps, kubeClient } from '../../../lib/adapters/kubernetes/client.ts';
import { wireTo } from '../../../lib/adapters/kubernetes/wire.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { json } from '../serve.ts';
import { type Certificate, certificateFor } from './certificate.ts';

export interface Seen {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What the server does with the n-th request, from 0. */
type Answer = (response: ServerResponse, n: number, request: IncomingMessage) => unknown;

const made: { certificate?: Certificate } = {};
const open: (() => Promise<void>)[] = [];
beforeAll(() => {
  made.certificate = certificateFor('127.0.0.1');
});
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
afterAll(() => {
  delete made.certificate;
});

/** An API server on 127.0.0.1 until the test ends, with all that it was asked. */
export async function apiServer(answer: Answer) {
  const { key = '', cert = '', ca = '' } = made.certificate ?? {};
  const seen: Seen[] = [];
  const server = createServer({ key, cert }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    seen.push({ line: `${method} ${url}`, headers, body: Buffer.concat(chunks).toString('utf8') });
    answer(response, seen.length - 1, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, ca, seen };
}

/** A client of such a server: virtual time between tries, a token that counts how often it was renewed. */
export async function clientOf(answer: Answer, deps: Partial<ClientDeps> = {}) {
  const { endpoint, ca, seen } = await apiServer(answer);
  const clock = memoryClock(0);
  const bearer = bearerOf();
  const client = kubeClient({
    cluster: 'main',
    wire: wireTo(endpoint, ca),
    bearer,
    clock,
    random: () => 1,
    ...deps,
  });
  return { client, seen, clock, bearer };
}

function bearerOf() {
  let number = 1;
  return {
    who: 'role "x" has no access entry',
    token: async (renewed: boolean) => {
      if (renewed) number += 1;
      return `token-${number}`;
    },
  };
}

/** A failure in the words of the API server. */
export const status = (response: ServerResponse, code: number, message: string): void =>
  json(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code }, code);
