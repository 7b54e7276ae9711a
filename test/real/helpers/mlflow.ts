import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { register } from '../../../local/mlflow/registry.ts';
import { mlflowEnvironment } from '../../../local/mlflow/server.ts';
import { localPath } from '../../../local/paths.ts';
import { freePort } from '../../../local/port.ts';
import { startPart, stopPart } from '../../../local/process.ts';
import { pythonFor } from '../../../local/python.ts';

/** A real MLflow server of one suite, with two versions of a real logged model. */
export interface RealMlflow {
  readonly url: string;
  /** Any call of the REST interface. */
  call(method: string, path: string, body?: unknown): Promise<Record<string, never>>;
  /** Writes a file into the artifact store; without text it takes the file away. */
  file(path: string, text?: string): Promise<void>;
  /** A model of its own for one test: versions 1 and 2, from the two logged models. `champion` names 2. */
  newModel(): Promise<string>;
  stop(): Promise<unknown>;
}

export async function startRealMlflow(): Promise<RealMlflow> {
  const name = `mlflow-contracts-${process.pid}`;
  const port = await freePort(0);
  const url = `http://127.0.0.1:${port}`;
  const data = dirname(localPath(name, 'mlflow.db'));
  await startPart({
    name,
    command: await pythonFor('mlflow', () => undefined),
    args: [
      ...['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'],
      ...['--backend-store-uri', `sqlite:///${join(data, 'mlflow.db')}`],
      ...['--artifacts-destination', join(data, 'artifacts')],
    ],
    env: mlflowEnvironment(url),
    port,
    health: `${url}/health`,
    seconds: 300,
  });
  for (const kind of ['healthy', 'bad'] as const) await register(url, kind);
  const file = (path: string, text?: string) => putFile(url, path, text);
  const stop = async () => {
    await stopPart(name);
    rmSync(data, { recursive: true, force: true });
  };
  return { url, call: caller(url), file, newModel: () => newModel(url), stop };
}

const caller = (url: string) => async (method: string, path: string, body?: unknown) => {
  const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`cannot ${method} ${path}: ${JSON.stringify(answer)}`);
  return answer as Record<string, never>;
};

async function putFile(url: string, path: string, text?: string): Promise<void> {
  const at = `${url}/api/2.0/mlflow-artifacts/artifacts/${path}`;
  const response = await fetch(at, text === undefined ? { method: 'DELETE' } : { method: 'PUT', body: text });
  if (!response.ok) throw new Error(`cannot write ${path}: ${response.status} ${await response.text()}`);
}

let models = 0;

async function newModel(url: string): Promise<string> {
  const call = caller(url);
  models += 1;
  const name = `model-${models}`;
  await call('POST', 'registered-models/create', { name });
  for (const version of ['1', '2']) {
    const logged = await call('GET', `model-versions/get?name=recommender&version=${version}`);
    const { source, run_id } = logged['model_version'] as unknown as { source: string; run_id: string };
    // Since 3.17 a logged model is accepted as a source only together with its id.
    const model_id = source.replace('models:/', '');
    await call('POST', 'model-versions/create', { name, source, run_id, model_id });
  }
  await call('POST', 'registered-models/alias', { name, alias: 'champion', version: '2' });
  return name;
}
