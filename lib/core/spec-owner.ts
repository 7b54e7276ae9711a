import type { Release } from './release.ts';
import { type GitLever, type HelmLever, type Lever, type Service, targetOf } from './service.ts';
import type { Observation, Owner } from './step.ts';

/** The lever that will stick on a target, or why none does. */
export type Sticking = { readonly lever: Lever } | { readonly objection: string };

interface Seen {
  /** @default - nobody but the people who apply it */
  readonly owner?: Owner | undefined;
  readonly progress?: Observation['progress'] | undefined;
}

interface Wanted {
  readonly service: Service;
  readonly lever: Lever;
  /** What the baseline holds. */
  readonly release: Release;
}

/**
 * Who writes a spec decides how it goes back. A Rollout's traffic is moved at once while an update is under way, and its
 * owner settles it; once complete only its owner can put the template back, and an abort does nothing (F30). A
 * Deployment is nothing but its template. What Git owns is changed in Git: all else is undone within seconds.
 */
export function stickingLever(wanted: Wanted, { owner, progress }: Seen): Sticking {
  const { lever } = wanted;
  if (!owner || lever.kind === 'flag' || lever.kind === 'alias') return { lever };
  switch (owner.kind) {
    case 'flux':
      return { objection: `${ownerWords(owner)} ${WOULD_UNDO}: ${REVERT_BY_HAND}` };
    case 'argocd':
      return underArgoCd(wanted, owner, progress);
    case 'helm':
      return underHelm(wanted, owner, progress);
  }
}

const WOULD_UNDO = 'owns its spec and would undo the change';
const REVERT_BY_HAND =
  'there is no lever for Flux; revert the commit in Git by hand, then "flux reconcile" its source and itself';

function underArgoCd(
  { service, lever, release }: Wanted,
  owner: ArgoCd,
  progress: Seen['progress'],
): Sticking {
  if (lever.kind === 'git') return isOf(lever, owner) ? { lever } : { objection: anotherOwner(lever, owner) };
  if (!('cluster' in lever)) return { lever };
  const git = gitOwning(service, lever, owner);
  const why = `${ownerWords(owner)} ${WOULD_UNDO}`;
  if (!git)
    return { objection: `${why}: the commit has to be reverted in Git, and ${noLeverFor(lever, owner)}` };
  if (lever.kind === 'helm') return { objection: `${why}: put "${git.name} back" in the policy instead` };
  if (!release[targetOf(git)])
    return { objection: `${why}, and the baseline does not know ${targetOf(git)}` };
  return { lever: lever.kind === 'deployment' || progress === 'complete' ? git : lever };
}

function underHelm({ service, lever, release }: Wanted, owner: Helm, progress: Seen['progress']): Sticking {
  if (lever.kind !== 'rollout' && lever.kind !== 'deployment') return { lever };
  const helm = helmOwning(service, lever, owner);
  const why = `Helm release "${owner.release}" in namespace "${owner.namespace}" owns its spec`;
  if (!helm) return { objection: `${why}, and no helm lever of the service names that release` };
  if (!release[targetOf(helm)])
    return { objection: `${why}, and the baseline does not know ${targetOf(helm)}` };
  return { lever: lever.kind === 'deployment' || progress === 'complete' ? helm : lever };
}

const noLeverFor = ({ cluster }: { readonly cluster: string }, { application, namespace }: ArgoCd): string =>
  `no git lever of the service names that application: give one "application: { cluster: ${cluster}, namespace: ${namespace ?? 'argocd'}, name: ${application} }"`;

function anotherOwner({ name, application }: GitLever, owner: ArgoCd): string {
  const names = application ? `application "${application.name}"` : 'no application';
  return `lever "${name}" names ${names}, but ${ownerWords(owner)} owns what the service runs`;
}

/**
 * Who writes what a lever changes. A branch carries no mark, the workloads of the service do: those in the cluster of
 * its Application, but for those that another git lever of the service is for.
 */
export function ownerOver(
  { levers }: Service,
  lever: Lever,
  ownerAt: (target: string) => Owner | undefined,
): Owner | undefined {
  if (lever.kind !== 'git') return ownerAt(targetOf(lever));
  const { application } = lever;
  const owners = levers.flatMap((other) => {
    const isBeside = 'cluster' in other && (!application || other.cluster === application.cluster);
    const owner = isBeside ? ownerAt(targetOf(other)) : undefined;
    return owner && owner.kind !== 'helm' ? [owner] : [];
  });
  const others = levers.filter((other) => other.kind === 'git' && other.name !== lever.name);
  const isFree = (owner: Owner) => !others.some((other) => isOf(other, owner));
  return owners.find((owner) => isOf(lever, owner)) ?? owners.find(isFree);
}

/** An owner by its own name, to begin a sentence. */
export function ownerWords(owner: Owner): string {
  switch (owner.kind) {
    case 'argocd':
      return `Argo CD application "${owner.application}"${owner.namespace === undefined ? '' : ` in "${owner.namespace}"`}`;
    case 'flux':
      return `Flux ${owner.resource}`;
    case 'helm':
      return `Helm release "${owner.release}" in "${owner.namespace}"`;
  }
}

type Helm = Owner & { readonly kind: 'helm' };
type ArgoCd = Owner & { readonly kind: 'argocd' };
type InCluster = Pick<HelmLever, 'cluster'>;

/** The service's lever for whoever owns an object of a cluster. */
export function leverOfOwner(
  service: Service,
  at: InCluster,
  owner: Owner,
): HelmLever | GitLever | undefined {
  switch (owner.kind) {
    case 'helm':
      return helmOwning(service, at, owner);
    case 'argocd':
      return gitOwning(service, at, owner);
    case 'flux':
      return undefined;
  }
}

const helmOwning = ({ levers }: Service, { cluster }: InCluster, owner: Helm): HelmLever | undefined =>
  levers.find(
    (lever): lever is HelmLever =>
      lever.kind === 'helm' &&
      lever.cluster === cluster &&
      lever.namespace === owner.namespace &&
      lever.release === owner.release,
  );

/** In the same cluster: two installations of Argo CD may each have an application of that name. */
const gitOwning = ({ levers }: Service, { cluster }: InCluster, owner: ArgoCd): GitLever | undefined =>
  levers.find(
    (lever): lever is GitLever =>
      lever.kind === 'git' && lever.application?.cluster === cluster && isOf(lever, owner),
  );

/** Whether it is the lever of the Application that owns an object. */
export const isOf = (lever: Lever, owner: Owner): boolean =>
  lever.kind === 'git' &&
  owner.kind === 'argocd' &&
  lever.application?.name === owner.application &&
  (owner.namespace === undefined || owner.namespace === lever.application.namespace);
