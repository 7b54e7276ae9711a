/** What ships to the demo's service: the healthy release, and the bad one of a careless pipeline. */
import { putParameter } from './aws/parameters.ts';
import type { Endpoints } from './endpoints.ts';
import { moveAlias, register, resetRegistry } from './mlflow/registry.ts';
import { FLAG_PARAMETER, reload } from './model-service/model-service.ts';

/** The new transform of the ranker's features. */
export const RANKER_FLAG = '/shop/ranker/new-transform';

type Addresses = Pick<Endpoints, 'aws' | 'mlflow' | 'model'>;

/** The healthy model as champion, the flag off, and both served. Harmless when it is so already. */
export async function resetToHealthy(at: Addresses): Promise<{ version: string }> {
  await seed(at);
  return { version: await reload(at.model) };
}

/** The same before the model service runs. */
export async function seed(at: Pick<Addresses, 'aws' | 'mlflow'>): Promise<void> {
  await putParameter(at.aws, FLAG_PARAMETER, 'false');
  await resetRegistry(at.mlflow);
}

/** A new version that ranks badly goes straight to champion, and with it a flag whose transform makes nulls. */
export async function shipBadRelease(at: Addresses): Promise<{ version: string }> {
  const version = await register(at.mlflow, 'bad');
  await moveAlias(at.mlflow, 'champion', version);
  await reload(at.model);
  await putParameter(at.aws, FLAG_PARAMETER, 'true');
  return { version };
}
