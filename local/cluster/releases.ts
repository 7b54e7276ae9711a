/** What ships to the services in the cluster: healthy releases, a bad canary, and a bad release that went all the way. */
import { sourcePath } from '../paths.ts';
import { waitUntil } from '../wait.ts';
import type { Cluster } from './cluster.ts';

export const NAMESPACE = 'shop';

/** Releases by name, and the chart of each: models, and the job that scores the ranker's rows. */
const CHARTS = { 'model-svc': 'chart', ranker: 'chart', 'ranker-transform': 'transform-chart' } as const;
type Release = keyof typeof CHARTS;

/** How long an answer of the slow version takes, against a threshold of 250 ms. */
export const SLOW_MS = 400;
export const GOOD = 'v4';
export const BAD = 'v5';

/** Version v4 of all, which serves everything once this returns. Safe to repeat. */
export async function shipHealthy(cluster: Cluster): Promise<void> {
  await upgrade(cluster, 'model-svc', [`image.tag=${GOOD}`]);
  await upgrade(cluster, 'ranker', [`image.tag=${GOOD}`]);
  await upgrade(cluster, 'ranker-transform', [`image.tag=${GOOD}`]);
  await complete(cluster, 'model-svc');
  await complete(cluster, 'ranker');
}

/** Version v5 of the model service gets 10 % of the requests, and takes 400 ms for each. @returns its version. */
export async function shipBadCanary(cluster: Cluster): Promise<{ version: string }> {
  await upgrade(cluster, 'model-svc', [`image.tag=${BAD}`, `latencyMs=${SLOW_MS}`]);
  await waitUntil(
    async () => (await field(cluster, 'model-svc', '.status.canary.weights.canary.weight')) === '10',
    { what: 'the canary to get 10 % of the requests', seconds: 60 },
  );
  return { version: BAD };
}

/** Version v5 of the ranker, all of it at once: three of ten answers fail, and its transform scores no rows. */
export async function shipBadRanker(cluster: Cluster): Promise<{ version: string }> {
  await upgrade(cluster, 'ranker-transform', [`image.tag=${BAD}`, 'broken=true']);
  await upgrade(cluster, 'ranker', [`image.tag=${BAD}`, 'errorRate=0.3', 'steps=null']);
  await complete(cluster, 'ranker');
  return { version: BAD };
}

/**
 * Patched by Helm's client: applied on the server's side, each upgrade would fail on the fields that the Rollouts
 * controller writes into Services and the TraefikService.
 */
async function upgrade(cluster: Cluster, release: Release, values: readonly string[]): Promise<void> {
  const chart = sourcePath('cluster', CHARTS[release]);
  const where = ['--namespace', NAMESPACE, '--create-namespace', '--server-side=false'];
  const set = values.flatMap((value) => ['--set', value]);
  await cluster.run('helm', ['upgrade', '--install', release, chart, ...where, ...set]);
}

/** The manifests of a model that no release of Helm's is made of. */
export const rendered = (cluster: Cluster, name: string, values: readonly string[]): Promise<string> =>
  cluster.run('helm', [
    ...['template', name, sourcePath('cluster', 'chart'), '--namespace', NAMESPACE],
    ...values.flatMap((value) => ['--set', value]),
  ]);

/** The newest template has everything. */
const complete = (cluster: Cluster, release: Release): Promise<unknown> =>
  waitUntil(async () => (await field(cluster, release, '.status.phase')) === 'Healthy', {
    what: `Rollout ${NAMESPACE}/${release} to be Healthy`,
    seconds: 120,
  });

const field = (cluster: Cluster, rollout: Release, path: string): Promise<string> =>
  cluster.run('kubectl', ['get', 'rollout', rollout, '-n', NAMESPACE, '-o', `jsonpath={${path}}`]);
