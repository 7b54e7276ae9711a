/**
 * Process of traffic and monitor: `node local/traffic/main.ts <service>` with MODEL_URL, PORT and the AWS variables set.
 * That of the recommender copies reports too; that of the ranker asks the store at ROWS_URL for its backlog.
 */
import { createServer } from 'node:http';
import { measure, percentile } from '../monitor/measure.ts';
import { publishForever, type Series } from '../monitor/publish.ts';
import { copyReportsForever } from '../reports/copy.ts';
import { backlogAt } from './backlog.ts';
import { callers } from './callers.ts';
import { Traffic } from './requests.ts';
import { visitors } from './visitors.ts';

const { MODEL_URL: url = '', ROWS_URL: rows } = process.env;

/** Who asks what, how often a second, and where the measures go. */
const SERVICES: Record<string, { readonly traffic: () => Traffic; readonly series: Series }> = {
  recommender: {
    traffic: () => new Traffic(visitors(url), 20),
    series: { namespace: 'Reinstate/Recommender', service: 'recommender' },
  },
  'model-svc': {
    traffic: () => new Traffic(callers(url), 50),
    series: { namespace: 'Reinstate/ModelSvc', service: 'model-svc' },
  },
  churn: {
    traffic: () => new Traffic(callers(url), 50),
    series: { namespace: 'Reinstate/Churn', service: 'churn' },
  },
  ranker: {
    traffic: () => new Traffic(callers(url), 20),
    series: {
      namespace: 'Reinstate/Ranker',
      service: 'ranker',
      ...(rows && { backlog: () => backlogAt(rows) }),
    },
  },
};

const service = process.argv[2] ?? '';
const chosen = SERVICES[service];
if (!chosen)
  throw new Error(`cannot make traffic for "${service}": expected ${Object.keys(SERVICES).join(', ')}`);
const traffic = chosen.traffic();
traffic.start();
publishForever(traffic, chosen.series);
if (service === 'recommender') copyReportsForever();

/** GET / tells what users have seen in the last seconds: `?seconds=10` by default. */
createServer((request, response) => {
  const seconds = Number(new URL(request.url ?? '/', 'http://local').searchParams.get('seconds') ?? 10);
  const { latencies, ...seen } = measure(traffic.between(Date.now() - seconds * 1000, Date.now() + 1));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ seconds, ...seen, p95: percentile(latencies, 0.95) }));
}).listen(Number(process.env['PORT']), '127.0.0.1');
