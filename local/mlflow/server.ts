/** A real MLflow server: registry in SQLite, artifacts in a folder, on 127.0.0.1. */
import { dirname, join } from 'node:path';
import { localPath } from '../paths.ts';
import { freePort } from '../port.ts';
import { findPart, type Recorded, startPart } from '../process.ts';
import { pythonFor } from '../python.ts';

const USUAL_PORT = 15000;

export const mlflowPort = (): Promise<number> => freePort(findPart('mlflow')?.port ?? USUAL_PORT);

export async function startMlflow(port: number, say: (line: string) => void): Promise<Recorded> {
  const python = await pythonFor('mlflow', say);
  const data = dirname(localPath('mlflow', 'mlflow.db'));
  return startPart({
    name: 'mlflow',
    command: python,
    args: [
      ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
      ...['--backend-store-uri', `sqlite:///${join(data, 'mlflow.db')}`],
      ...['--artifacts-destination', join(data, 'artifacts')],
    ],
    env: mlflowEnvironment(`http://127.0.0.1:${port}`),
    port,
    health: `http://127.0.0.1:${port}/health`,
    seconds: 300,
  });
}

/** For the server and for the Python programs that talk to it. */
export function mlflowEnvironment(url: string): Record<string, string> {
  return {
    MLFLOW_TRACKING_URI: url,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: 'false',
    // Job execution would start eight more processes that outlive the server.
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
    GIT_PYTHON_REFRESH: 'quiet',
  };
}
