import * as z from 'zod/mini';
import type { ClusterPlace, FoundRelease, FoundWorkload, Listed } from '../../core/estate.ts';
import type { Resource } from '../kubernetes/client.ts';
import { DEPLOYMENTS, ROLLOUTS } from '../kubernetes/objects.ts';
import { ownerOf } from '../levers/owner.ts';
import type { Lister } from './cluster-lister.ts';

const texts = z._default(z.record(z.string(), z.string()), {});
const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  labels: texts,
  annotations: texts,
});
const container = z.looseObject({
  ports: z.optional(z.nullable(z.array(z.looseObject({ containerPort: z.int() })))),
});
const podSpec = z.looseObject({ containers: z.optional(z.nullable(z.array(container))) });
const workload = z.looseObject({
  metadata,
  spec: z.looseObject({
    template: z.optional(z.nullable(z.looseObject({ spec: z.optional(z.nullable(podSpec)) }))),
    strategy: z.optional(z.nullable(z.looseObject({ blueGreen: z.optional(z.unknown()) }))),
  }),
});

/** Rollouts and Deployments. What has another shape than its kind is passed over: it is nobody's lever. */
export async function listWorkloads(
  list: Lister,
  { cluster, namespace }: ClusterPlace,
): Promise<Listed<FoundWorkload>> {
  const [rollouts, deployments] = await Promise.all(
    ([ROLLOUTS, DEPLOYMENTS] as const).map((of) => list({ of, namespace })),
  );
  const of = (kind: FoundWorkload['kind'], listed: Listed<unknown> | undefined) =>
    (listed?.items ?? []).flatMap((json) => workloadIn(cluster, kind, json));
  return {
    items: [...of('rollout', rollouts), ...of('deployment', deployments)],
    more: Boolean(rollouts?.more || deployments?.more),
  };
}

const LABELS = [
  'app',
  'app.kubernetes.io/name',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/part-of',
] as const;

function workloadIn(cluster: string, kind: FoundWorkload['kind'], json: unknown): FoundWorkload[] {
  const { success, data } = z.safeParse(workload, json);
  if (!success) return [];
  const { name, namespace, labels, annotations } = data.metadata;
  const containers = data.spec.template?.spec?.containers ?? [];
  const strategy = kind === 'rollout' ? strategyOf(data.spec.strategy) : undefined;
  return [
    {
      cluster,
      namespace,
      kind,
      name,
      labels: LABELS.flatMap((label) => labels[label] ?? []),
      owner: ownerOf({ namespace, labels, annotations }),
      release: annotations['meta.helm.sh/release-name'],
      ports: containers.flatMap(({ ports }) => (ports ?? []).map(({ containerPort }) => containerPort)),
      ...(strategy && { strategy }),
    },
  ];
}

const strategyOf = (strategy: z.infer<typeof workload>['spec']['strategy']): FoundWorkload['strategy'] =>
  strategy?.blueGreen ? 'blue-green' : 'canary';

const SECRETS: Resource = { group: '', version: 'v1', resource: 'secrets' };
const secret = z.looseObject({ metadata });

/** Helm keeps a Secret for each revision, and labels them with all that is wanted here. */
export async function listReleases(
  list: Lister,
  { cluster, namespace }: ClusterPlace,
): Promise<Listed<FoundRelease>> {
  const labelSelector =
    'owner=helm,status in (deployed,failed,pending-install,pending-upgrade,pending-rollback)';
  const listed = await list({ of: SECRETS, namespace, labelSelector, metadataOnly: true });
  const found = new Map<string, FoundRelease>();
  for (const json of listed.items) {
    const { data } = z.safeParse(secret, json);
    const { name, status = '' } = data?.metadata.labels ?? {};
    if (!data || name === undefined) continue;
    const where = { cluster, namespace: data.metadata.namespace, name };
    const key = `${where.namespace}/${name}`;
    // One that is pending stands beside the one that is deployed.
    if (found.get(key)?.status !== 'deployed') found.set(key, { ...where, status });
  }
  return { items: [...found.values()], more: listed.more };
}
