/** Steady traffic to a model service, and the monitor that publishes what users see of it. */
import { clientEnvironment } from '../aws/ministack.ts';
import { sourcePath } from '../paths.ts';
import { freePort } from '../port.ts';
import { findPart, type Recorded, startPart } from '../process.ts';

/** The part of the local environment that is traffic to a service. */
const PARTS = {
  recommender: { name: 'traffic', port: 18091 },
  'model-svc': { name: 'callers', port: 18092 },
  ranker: { name: 'ranker-callers', port: 18093 },
  churn: { name: 'churn-callers', port: 18094 },
} as const;

/** @param uses `url`: where the service's requests go in; `rows`: where its rows wait. */
export async function startTraffic(
  service: keyof typeof PARTS,
  uses: { readonly aws: string; readonly url: string; readonly rows?: string },
): Promise<Recorded> {
  const { name, port: usual } = PARTS[service];
  const port = await freePort(findPart(name)?.port ?? usual);
  return startPart({
    name,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', sourcePath('traffic', 'main.ts'), service],
    env: {
      ...clientEnvironment(uses.aws),
      MODEL_URL: uses.url,
      ...(uses.rows && { ROWS_URL: uses.rows }),
      PORT: String(port),
      NODE_OPTIONS: '',
    },
    port,
    health: `http://127.0.0.1:${port}/`,
    seconds: 20,
  });
}
