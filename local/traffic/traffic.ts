/** Steady traffic to the model service, and the monitor that publishes what users see of it. */
import { clientEnvironment } from '../aws/ministack.ts';
import { sourcePath } from '../paths.ts';
import { freePort } from '../port.ts';
import { findPart, type Recorded, startPart } from '../process.ts';

const USUAL_PORT = 18091;

export async function startTraffic(uses: { aws: string; model: string }): Promise<Recorded> {
  const port = await freePort(findPart('traffic')?.port ?? USUAL_PORT);
  return startPart({
    name: 'traffic',
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', sourcePath('traffic', 'main.ts')],
    env: { ...clientEnvironment(uses.aws), MODEL_URL: uses.model, PORT: String(port), NODE_OPTIONS: '' },
    port,
    health: `http://127.0.0.1:${port}/`,
    seconds: 20,
  });
}
