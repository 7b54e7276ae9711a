/** Process of traffic, monitor and the copier of reports: `node local/traffic/main.ts` with MODEL_URL, PORT and the AWS variables set. */
import { createServer } from 'node:http';
import { measure, percentile } from '../monitor/measure.ts';
import { publishForever } from '../monitor/publish.ts';
import { copyReportsForever } from '../reports/copy.ts';
import { Traffic } from './requests.ts';

const traffic = new Traffic(process.env['MODEL_URL'] ?? '');
traffic.start();
publishForever(traffic);
copyReportsForever();

/** GET / tells what users have seen in the last seconds: `?seconds=10` by default. */
createServer((request, response) => {
  const seconds = Number(new URL(request.url ?? '/', 'http://local').searchParams.get('seconds') ?? 10);
  const { latencies, ...seen } = measure(traffic.between(Date.now() - seconds * 1000, Date.now() + 1));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ seconds, ...seen, p95: percentile(latencies, 0.95) }));
}).listen(Number(process.env['PORT']), '127.0.0.1');
