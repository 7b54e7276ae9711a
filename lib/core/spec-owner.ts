import type { Release } from './release.ts';
import { type HelmLever, type Lever, type Service, targetOf } from './service.ts';
import type { Observation, Owner } from './step.ts';

/** The lever that will stick on a target, or why none does. */
export type Sticking = { readonly lever: Lever } | { readonly objection: string };

type Seen = Pick<Observation, 'owner' | 'progress'>;

interface Wanted {
  readonly service: Service;
  readonly lever: Lever;
  /** What the baseline holds. */
  readonly release: Release;
}

/**
 * Who writes a spec decides how it goes back. A Rollout's traffic is moved at once while an update is under way, and its
 * owner settles it; once complete only its owner can put the template back, and an abort does nothing (F30). A
 * Deployment is nothing but its template.
 */
export function stickingLever({ service, lever, release }: Wanted, seen: Seen): Sticking {
  const { owner, progress } = seen;
  if ((lever.kind !== 'rollout' && lever.kind !== 'deployment') || !owner) return { lever };
  if (owner.kind === 'argocd') {
    const why = `Argo CD application "${owner.application}" owns its spec and would undo the change`;
    return { objection: `${why}: the commit has to be reverted in Git` };
  }
  if (owner.kind === 'flux')
    return { objection: `${ownerWords(owner)} owns its spec and would undo the change` };
  const helm = helmOwning(service, lever, owner);
  const why = `Helm release "${owner.release}" in namespace "${owner.namespace}" owns its spec`;
  if (!helm) return { objection: `${why}, and no helm lever of the service names that release` };
  if (!release[targetOf(helm)])
    return { objection: `${why}, and the baseline does not know ${targetOf(helm)}` };
  return { lever: lever.kind === 'deployment' || progress === 'complete' ? helm : lever };
}

/** An owner by its own name, to begin a sentence. */
export function ownerWords(owner: Owner): string {
  switch (owner.kind) {
    case 'argocd':
      return `Argo CD application "${owner.application}"`;
    case 'flux':
      return `Flux ${owner.resource}`;
    case 'helm':
      return `Helm release "${owner.release}" in "${owner.namespace}"`;
  }
}

/** The service's lever for the release that owns an object of a cluster. */
export const helmOwning = (
  { levers }: Service,
  { cluster }: Pick<HelmLever, 'cluster'>,
  owner: Owner & { kind: 'helm' },
): HelmLever | undefined =>
  levers.find(
    (lever): lever is HelmLever =>
      lever.kind === 'helm' &&
      lever.cluster === cluster &&
      lever.namespace === owner.namespace &&
      lever.release === owner.release,
  );
