/**
 * A small model service in a pod. `/predict` answers which version served it, after LATENCY_MS (default 5) and with
 * ERROR_RATE (0 to 1, default 0) of answers 500; `/healthz` says whether it is ready; `/version` what it serves.
 * The last part of the path counts, whatever prefix a router leaves before it.
 */
import { createServer, type ServerResponse } from 'node:http';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

const version = process.env['VERSION'] ?? 'none';
const latencyMs = Number(process.env['LATENCY_MS'] ?? 5);
const errorRate = Number(process.env['ERROR_RATE'] ?? 0);
const ready = process.env['READY'] !== 'false';
const facts = { version, pod: hostname(), hash: process.env['POD_HASH'] ?? '' };

const routes: Record<string, (response: ServerResponse) => Promise<void> | void> = {
  predict: async (response) => {
    await pause(latencyMs);
    if (Math.random() < errorRate) answer(response, 500, { ...facts, error: 'the model failed' });
    else answer(response, 200, { ...facts, score: Math.random() });
  },
  healthz: (response) => answer(response, ready ? 200 : 503, facts),
  version: (response) => answer(response, 200, facts),
};

const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://pod').pathname;
  const route = routes[path.split('/').at(-1) ?? ''];
  if (!route) return answer(response, 404, facts);
  return void route(response);
});

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-model-version': version });
  response.end(`${JSON.stringify(body)}\n`);
}

server.listen(Number(process.env['PORT'] ?? 8080));

// Requests may still arrive until the router knows that this pod is ending: serve them, then end.
process.on('SIGTERM', () => {
  setTimeout(() => server.close(() => process.exit(0)), 1000);
  setTimeout(() => process.exit(0), 4000).unref();
});
