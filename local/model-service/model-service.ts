/** The service under protection: loads its model by alias and reads its flag from the local AWS. */
import { AWS_REGION } from '../aws/ministack.ts';
import { mlflowEnvironment } from '../mlflow/server.ts';
import { sourcePath } from '../paths.ts';
import { freePort } from '../port.ts';
import { findPart, type Recorded, startPart } from '../process.ts';
import { pythonFor } from '../python.ts';

export const FLAG_PARAMETER = '/shop/recommender/new-features';
export const FLAG_CACHE_SECONDS = 5;

const USUAL_PORT = 18090;

export const modelPort = (): Promise<number> => freePort(findPart('model')?.port ?? USUAL_PORT);

export async function startModelService(
  port: number,
  uses: { aws: string; mlflow: string },
): Promise<Recorded> {
  return startPart({
    name: 'model',
    command: await pythonFor('mlflow', () => undefined),
    args: [sourcePath('model-service', 'service.py')],
    env: {
      ...mlflowEnvironment(uses.mlflow),
      AWS_ENDPOINT_URL: uses.aws,
      AWS_REGION,
      FLAG_PARAMETER,
      FLAG_CACHE_SECONDS: String(FLAG_CACHE_SECONDS),
      PORT: String(port),
      PYTHONUNBUFFERED: '1',
    },
    port,
    health: `http://127.0.0.1:${port}/health`,
    seconds: 60,
  });
}

export async function reload(model: string): Promise<string> {
  const response = await fetch(`${model}/reload`, { method: 'POST', signal: AbortSignal.timeout(30_000) });
  const answer = (await response.json()) as { version?: string; error?: string };
  if (!response.ok || !answer.version)
    throw new Error(`cannot reload ${model}: ${response.status} ${answer.error ?? ''}`);
  return answer.version;
}
