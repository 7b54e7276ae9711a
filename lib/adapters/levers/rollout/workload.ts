import { printable } from '../../../core/printable.ts';
import { boundedWorkload, type PodSet, type Workload } from '../../../core/workload.ts';
import type { ReplicaSet, Rollout } from '../../kubernetes/objects.ts';

/** The number that the controller of a Rollout gives a ReplicaSet, and moves on when its template comes back. */
export const REVISION = 'rollout.argoproj.io/revision';

/**
 * As `kubectl argo rollouts get rollout` shows it.
 * @param sets by hash, all of this Rollout. @param wanted is kept, whatever it has
 */
export function workloadOf(
  rollout: Rollout,
  sets: ReadonlyMap<string, ReplicaSet>,
  wanted?: string | null,
): Workload {
  const all = [...sets].map(([hash, set]) =>
    podSetOf(hash, set, { by: REVISION, role: roleOf(rollout, hash) }),
  );
  return boundedWorkload({ sets: all, ...routed(rollout) }, wanted);
}

/** @param by the annotation that has its revision */
export function podSetOf(
  hash: string,
  { metadata, spec, status }: ReplicaSet,
  { by, role }: { readonly by: string; readonly role: PodSet['role'] },
): PodSet {
  const [first] = spec.template?.spec?.containers ?? [];
  return {
    hash: printable(hash),
    revision: printable(metadata.annotations?.[by] ?? '0'),
    ...(role && { role }),
    ready: status.readyReplicas ?? 0,
    pods: Math.max(spec.replicas ?? 0, status.replicas ?? 0),
    image: imageText(first?.image ?? ''),
  };
}

/** What tells two images of one name apart. */
function imageText(image: string): string {
  const [, digest] = /@sha256:([0-9a-f]{12})/.exec(image) ?? [];
  const name = image.split('/').at(-1) ?? '';
  return printable(digest ?? name.split(':').at(1) ?? name).slice(0, 40);
}

function roleOf({ spec, status }: Rollout, hash: string): PodSet['role'] {
  const { stableRS, currentPodHash, blueGreen } = status;
  if (spec.strategy?.blueGreen) {
    if (hash === (blueGreen?.activeSelector ?? stableRS)) return 'active';
    return hash === currentPodHash ? 'preview' : undefined;
  }
  if (hash === stableRS) return 'stable';
  return hash === currentPodHash ? 'canary' : undefined;
}

/** A share of `maxTrafficWeight`, so in percent; a weight without a hash is that of the newest or the stable pods. */
function routed({ spec, status }: Rollout): Pick<Workload, 'weights' | 'unconfirmed'> {
  const routing = spec.strategy?.canary?.trafficRouting;
  const told = routing && status.canary?.weights;
  if (!told) return {};
  const { currentPodHash = '', stableRS = currentPodHash } = status;
  const parts = [
    { ...told.canary, podTemplateHash: told.canary.podTemplateHash ?? currentPodHash },
    { ...told.stable, podTemplateHash: told.stable.podTemplateHash ?? stableRS },
    ...(told.additional ?? []),
  ];
  const weights: Record<string, number> = {};
  for (const { podTemplateHash = 'another', weight } of parts) {
    const hash = printable(podTemplateHash);
    weights[hash] = (weights[hash] ?? 0) + (100 * weight) / (routing.maxTrafficWeight ?? 100);
  }
  return { weights, ...(told.verified === false && { unconfirmed: true }) };
}
