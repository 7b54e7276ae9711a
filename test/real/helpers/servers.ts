import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Server {
  readonly url: string;
  close(): Promise<void>;
}

export type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A server on 127.0.0.1, on any free port. What its handler throws cuts the connection. */
export async function serve(handle: Handle): Promise<Server> {
  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** Hands every request on to `target`, each within `around`. */
export function proxyTo(
  target: string,
  around: (name: string, call: () => Promise<void>) => Promise<void>,
): Promise<Server> {
  return serve(async (request, response) => {
    const { method = 'GET', url = '/' } = request;
    const body = await text(request);
    const path = new URL(url, target).pathname;
    let answer: Response | undefined;
    await around(`${method} ${path.slice(path.lastIndexOf('/') + 1)}`, async () => {
      const authorization = request.headers.authorization ?? '';
      const headers = { 'content-type': 'application/json', authorization };
      answer = await fetch(`${target}${url}`, { method, headers, ...(method !== 'GET' && { body }) });
    });
    const type = answer?.headers.get('content-type') ?? '';
    response.writeHead(answer?.status ?? 500, { 'content-type': type });
    response.end(new Uint8Array((await answer?.arrayBuffer()) ?? new ArrayBuffer(0)));
  });
}
