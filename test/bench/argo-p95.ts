/** Runs inside the node, where the Rollouts controller can reach it: `GET /<name>` answers what the bench tells it. */
import { createServer, type ServerResponse } from 'node:http';

const waiting = new Map<number, ServerResponse>();
let asked = 0;

const server = createServer((request, response) => {
  asked += 1;
  waiting.set(asked, response);
  process.send?.({ id: asked, name: (request.url ?? '/').slice(1) });
});

process.on('message', ({ id, p95 }: { id: number; p95: number }) => {
  const response = waiting.get(id);
  waiting.delete(id);
  response?.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ p95 }));
});
process.on('disconnect', () => process.exit());

server.listen(Number(process.argv[2]), '127.0.0.1', () => process.send?.('ready'));
