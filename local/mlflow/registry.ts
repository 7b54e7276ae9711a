/** The registry's content for the demo: versions of `recommender` and where `champion` points. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { sourcePath } from '../paths.ts';
import { pythonFor } from '../python.ts';
import { mlflowEnvironment } from './server.ts';

const MODEL = 'recommender';
const ALIASES_OF_INCIDENTS = ['previous_champion', 'rolled_back'];

interface ModelVersion {
  readonly version: string;
  readonly tags?: readonly { key: string; value: string }[];
}

/** Registers a version and returns its number. */
export async function register(mlflow: string, kind: 'healthy' | 'bad'): Promise<string> {
  const python = await pythonFor('mlflow', () => undefined);
  const { stdout } = await promisify(execFile)(python, [sourcePath('mlflow', 'register.py'), kind], {
    env: { ...process.env, ...mlflowEnvironment(mlflow) },
    timeout: 120_000,
  });
  return stdout.trim().split('\n').at(-1) ?? '';
}

/** `champion` on the newest healthy version, registered if there is none, and no alias left of an earlier incident. */
export async function resetRegistry(mlflow: string): Promise<string> {
  const version = (await newestHealthy(mlflow)) ?? (await register(mlflow, 'healthy'));
  await moveAlias(mlflow, 'champion', version);
  for (const alias of ALIASES_OF_INCIDENTS) await deleteAlias(mlflow, alias);
  return version;
}

export async function moveAlias(mlflow: string, alias: string, version: string): Promise<void> {
  await request(mlflow, {
    method: 'POST',
    path: 'registered-models/alias',
    body: { name: MODEL, alias, version },
  });
}

async function newestHealthy(mlflow: string): Promise<string | undefined> {
  const query = new URLSearchParams({
    filter: `name='${MODEL}'`,
    order_by: 'version_number DESC',
    max_results: '100',
  });
  const found = (await request(mlflow, { method: 'GET', path: `model-versions/search?${query}` })) as {
    model_versions?: ModelVersion[];
  };
  const healthy = found.model_versions?.filter(({ tags }) =>
    tags?.some((tag) => tag.key === 'demo' && tag.value === 'healthy'),
  );
  return healthy?.sort((one, other) => Number(other.version) - Number(one.version))[0]?.version;
}

async function deleteAlias(mlflow: string, alias: string): Promise<void> {
  // An alias that is not there answers 400 or 200, depending on the model: both mean that it is gone.
  const absent = () => undefined;
  await request(mlflow, {
    method: 'DELETE',
    path: 'registered-models/alias',
    body: { name: MODEL, alias },
  }).catch(absent);
}

async function request(
  mlflow: string,
  what: { method: string; path: string; body?: unknown },
): Promise<unknown> {
  const response = await fetch(`${mlflow}/api/2.0/mlflow/${what.path}`, {
    method: what.method,
    headers: { 'content-type': 'application/json' },
    ...(what.body ? { body: JSON.stringify(what.body) } : {}),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(
      `cannot ${what.method} ${what.path} at ${mlflow}: ${response.status} ${text.slice(0, 200)}`,
    );
  return text ? JSON.parse(text) : {};
}
