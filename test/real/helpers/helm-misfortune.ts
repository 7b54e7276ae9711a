import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type HelmAccess, type HelmEnd, helmRunner } from '../../../lib/adapters/levers/helm/run.ts';

/** A signal that Helm gets as soon as it is about to change an object of one of these kinds. */
export interface Misfortune {
  readonly signal: 'SIGKILL' | 'SIGSTOP';
  /** As paths name it. */
  readonly at: 'deployments' | 'rollouts';
}

export interface Unlucky {
  readonly helm: string;
  /** For its own files. */
  readonly folder: string;
  readonly misfortune: Misfortune;
  /** @default 20 s and 3 s */
  readonly times?: { readonly budgetMs: number; readonly graceMs: number };
}

/** Runs Helm through a proxy that lets all pass but that change, which never gets there. */
export async function runUnlucky(
  unlucky: Unlucky,
  args: readonly string[],
  access: HelmAccess,
): Promise<HelmEnd> {
  const pidFile = join(unlucky.folder, 'pid');
  const path = join(unlucky.folder, 'helm');
  writeFileSync(path, `#!/bin/sh\necho $$ > '${pidFile}'\nexec '${unlucky.helm}' "$@"\n`);
  chmodSync(path, 0o755);
  const { signal, at } = unlucky.misfortune;
  const proxy = await proxyTo(access, ({ method, url = '' }) => {
    if (method !== 'PATCH' || !url.includes(`/${at}/`)) return false;
    process.kill(Number(readFileSync(pidFile, 'utf8')), signal);
    return true;
  });
  try {
    return await helmRunner({ path, ...unlucky.times })(args, { ...access, endpoint: proxy.url });
  } finally {
    proxy.close();
  }
}

/** @param swallows whether a request goes no further */
async function proxyTo(access: HelmAccess, swallows: (asked: IncomingMessage) => boolean) {
  const server = createServer((asked, answer) => {
    if (!swallows(asked)) forward(access, asked, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function forward({ endpoint, ca, token }: HelmAccess, asked: IncomingMessage, answer: ServerResponse): void {
  const { host: _, ...headers } = asked.headers;
  const options = {
    method: asked.method,
    headers: { ...headers, authorization: `Bearer ${token}` },
    ca: Buffer.from(ca, 'base64'),
  };
  const upstream = request(new URL(asked.url ?? '/', endpoint), options, (found) => {
    answer.writeHead(found.statusCode ?? 502, found.headers);
    found.pipe(answer);
  });
  upstream.on('error', () => answer.destroy());
  asked.pipe(upstream);
}
