import * as z from 'zod/mini';
import type { AliasLever, Lever } from './service.ts';

/** What has the pods of a service: `cluster` is a key of the environment's `clusters`. */
export const workload = z.strictObject({
  kind: z.enum(['deployment', 'rollout']),
  cluster: z.string(),
  namespace: z.string(),
  name: z.string(),
});
export type Workload = z.infer<typeof workload>;

/** Where every pod of a workload says what it serves: a port and a path of each pod, and keys into the JSON there. */
export const servedByPods = z.strictObject({
  pods: workload,
  port: z.int(),
  path: z.string(),
  json: z.string(),
});
export type ServedByPods = z.infer<typeof servedByPods>;

/** The workload that an alias restarts, and the one whose pods it reads. */
export const workloadsOf = ({ reload, served }: AliasLever) => ({
  ...(typeof reload === 'object' && { restarted: reload }),
  ...('pods' in served && { read: served.pods }),
});

/** The clusters that a lever needs, by the names of its environment; one may be there twice. */
export function clustersOf(l: Lever): string[] {
  if ('cluster' in l) return [l.cluster];
  if (l.kind === 'git') return l.application ? [l.application.cluster] : [];
  return l.kind === 'alias' ? Object.values(workloadsOf(l)).map(({ cluster }) => cluster) : [];
}
