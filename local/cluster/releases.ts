/** What ships to `model-svc` in the cluster: a healthy version, and a bad one that begins as a canary. */
import { sourcePath } from '../paths.ts';
import { waitUntil } from '../wait.ts';
import type { Cluster } from './cluster.ts';

export const NAMESPACE = 'shop';
export const RELEASE = 'model-svc';

const CHART = sourcePath('cluster', 'chart');
/** How long the latency of a bad version is, against a threshold of 250 ms. */
const SLOW_MS = 400;

interface Version {
  readonly tag: string;
  readonly latencyMs?: number;
}

/** Version v4, which serves everything once this returns. Safe to repeat. */
export async function shipHealthy(cluster: Cluster): Promise<void> {
  await upgrade(cluster, { tag: 'v4' });
  await waitUntil(async () => (await phase(cluster)) === 'Healthy', {
    what: `Rollout ${NAMESPACE}/${RELEASE} to be Healthy`,
    seconds: 120,
  });
}

/** Version v5 gets 10 % of the requests, and takes 400 ms for each. @returns its version. */
export async function shipBadCanary(cluster: Cluster): Promise<{ version: string }> {
  await upgrade(cluster, { tag: 'v5', latencyMs: SLOW_MS });
  await waitUntil(async () => (await weight(cluster)) === '10', {
    what: 'the canary to get 10 % of the requests',
    seconds: 60,
    everyMs: 250,
  });
  return { version: 'v5' };
}

/**
 * Patched by Helm's client: applied on the server's side, each upgrade would fail on the fields that the Rollouts
 * controller writes into Services and the TraefikService.
 */
async function upgrade(cluster: Cluster, { tag, latencyMs = 5 }: Version): Promise<void> {
  const values = [`image.tag=${tag}`, `latencyMs=${latencyMs}`].flatMap((value) => ['--set', value]);
  const where = ['--namespace', NAMESPACE, '--create-namespace', '--server-side=false'];
  await cluster.run('helm', ['upgrade', '--install', RELEASE, CHART, ...where, ...values]);
}

const phase = (cluster: Cluster): Promise<string> => field(cluster, '{.status.phase}');
const weight = (cluster: Cluster): Promise<string> =>
  field(cluster, '{.status.canary.weights.canary.weight}');

const field = (cluster: Cluster, path: string): Promise<string> =>
  cluster.run('kubectl', ['get', 'rollout', RELEASE, '-n', NAMESPACE, '-o', `jsonpath=${path}`]);
