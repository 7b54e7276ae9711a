import type { Release } from './release.ts';
import { type HelmLever, type Lever, type RolloutLever, type Service, targetOf } from './service.ts';
import type { Observation, Owner } from './step.ts';

/** The lever that will stick on a target, or why none does. */
export type Sticking = { readonly lever: Lever } | { readonly objection: string };

type SeenRollout = Pick<Observation, 'owner' | 'progress'>;

interface Wanted {
  readonly service: Service;
  readonly lever: Lever;
  /** What the baseline holds. */
  readonly release: Release;
}

/**
 * Who writes a Rollout's spec decides how it goes back. Under way, its traffic is moved at once and its owner settles
 * it; once complete only its owner can put the template back, and an abort does nothing (F30).
 */
export function stickingLever({ service, lever, release }: Wanted, seen: SeenRollout): Sticking {
  const { owner, progress } = seen;
  if (lever.kind !== 'rollout' || !owner) return { lever };
  if (owner.kind === 'argocd') {
    const why = `Argo CD application "${owner.application}" owns its spec and would undo the change`;
    return { objection: `${why}: the commit has to be reverted in Git` };
  }
  const helm = helmOwning(service, lever, owner);
  const why = `Helm release "${owner.release}" in namespace "${owner.namespace}" owns its spec`;
  if (!helm) return { objection: `${why}, and no helm lever of the service names that release` };
  if (!release[targetOf(helm)])
    return { objection: `${why}, and the baseline does not know ${targetOf(helm)}` };
  return { lever: progress === 'complete' ? helm : lever };
}

/** The service's lever for the release that owns a Rollout. */
export const helmOwning = (
  { levers }: Service,
  { cluster }: RolloutLever,
  owner: Owner & { kind: 'helm' },
): HelmLever | undefined =>
  levers.find(
    (lever): lever is HelmLever =>
      lever.kind === 'helm' &&
      lever.cluster === cluster &&
      lever.namespace === owner.namespace &&
      lever.release === owner.release,
  );
