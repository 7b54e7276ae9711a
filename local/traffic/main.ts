/**
 * Process of traffic and monitor: `node local/traffic/main.ts recommender | model-svc` with MODEL_URL, PORT and the AWS
 * variables set. That of the recommender copies reports too.
 */
import { createServer } from 'node:http';
import { measure, percentile } from '../monitor/measure.ts';
import { publishForever } from '../monitor/publish.ts';
import { copyReportsForever } from '../reports/copy.ts';
import { callers } from './callers.ts';
import { Traffic } from './requests.ts';
import { visitors } from './visitors.ts';

const url = process.env['MODEL_URL'] ?? '';
const inCluster = process.argv[2] === 'model-svc';
const traffic = inCluster ? new Traffic(callers(url), 50) : new Traffic(visitors(url), 20);
traffic.start();
publishForever(
  traffic,
  inCluster
    ? { namespace: 'Reinstate/ModelSvc', service: 'model-svc' }
    : { namespace: 'Reinstate/Recommender', service: 'recommender' },
);
if (!inCluster) copyReportsForever();

/** GET / tells what users have seen in the last seconds: `?seconds=10` by default. */
createServer((request, response) => {
  const seconds = Number(new URL(request.url ?? '/', 'http://local').searchParams.get('seconds') ?? 10);
  const { latencies, ...seen } = measure(traffic.between(Date.now() - seconds * 1000, Date.now() + 1));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ seconds, ...seen, p95: percentile(latencies, 0.95) }));
}).listen(Number(process.env['PORT']), '127.0.0.1');
