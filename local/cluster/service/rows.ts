/**
 * The rows that the feature transform scores: ROWS_PER_SECOND new ones (default 5). `GET /rows` tells how many wait,
 * how old the oldest is (seconds) and who scored the last; `POST /score?count=100&version=v1` scores the oldest.
 */
import { createServer } from 'node:http';

const perSecond = Number(process.env['ROWS_PER_SECOND'] ?? 5);
const waiting: number[] = [];
let scored = 0;
let scoredBy = 'nobody';

setInterval(() => {
  for (let row = 0; row < perSecond; row += 1) waiting.push(Date.now());
}, 1000);

createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://rows');
  const asked = `${request.method} ${url.pathname.split('/').at(-1)}`;
  if (asked === 'POST score') score(Number(url.searchParams.get('count')), url.searchParams.get('version'));
  response.writeHead(['GET rows', 'POST score'].includes(asked) ? 200 : 404, {
    'content-type': 'application/json',
  });
  response.end(`${JSON.stringify(state())}\n`);
}).listen(Number(process.env['PORT'] ?? 8080));

function score(count: number, version: string | null): void {
  scored += waiting.splice(0, count).length;
  scoredBy = version ?? 'nobody';
}

const state = () => {
  const oldest = waiting[0];
  const oldestSeconds = oldest === undefined ? 0 : (Date.now() - oldest) / 1000;
  return { unscored: waiting.length, oldestSeconds, scored, scoredBy };
};

process.on('SIGTERM', () => process.exit(0));
