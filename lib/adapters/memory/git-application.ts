import { OutsideRefusal } from '../../core/errors.ts';
import { deployImages, deploymentAt } from './deployment.ts';
import { fileAt, headAt, repositoryAt } from './git-repository.ts';
import { applyImages, type Images, rolloutAt } from './rollout.ts';
import type { MemoryWorld } from './world.ts';

/** An Application of Argo CD, and its controller, which goes by the clock. */
export interface MemoryApplication {
  readonly name: string;
  readonly repository: string;
  readonly branch: string;
  /** The file that has the images of each object, by the object's target (`rollout:` or `deployment:`). */
  readonly deploys: Readonly<Record<string, string>>;
  auto: boolean;
  selfHeal: boolean;
  /** Who writes its sync policy back as soon as somebody changes it. */
  parent: string | undefined;
  frozenBy: string | undefined;
  /** What it was compared with last, and when. */
  revision: string | undefined;
  comparedAt: number;
  unsynced: string | undefined;
  health: string;
  /** Somebody asked it to look. */
  refreshAt: number | undefined;
  /** A sync that is under way. */
  operation: { readonly revision: string; readonly endsAt: number } | undefined;
  /** Since when what is live is not what was synced. */
  driftSince: number | undefined;
  /** Why the next syncs fail. @default - they do not */
  failing: string | undefined;
  /** The commit whose sync failed: it is not tried again by itself. */
  failed: string | undefined;
}

/** Argo CD's own poll, a refresh that was asked for, a sync, and selfHeal: as measured with 3.5. */
const POLL_MS = 180_000;
const REFRESH_MS = 300;
const SYNC_MS = 700;
const HEAL_MS = 1500;

export type StartApplication = Pick<MemoryApplication, 'name' | 'repository' | 'branch' | 'deploys'> &
  Partial<Pick<MemoryApplication, 'auto' | 'selfHeal' | 'parent'>>;

/** An Application that has just synced. @param target `<cluster>/<namespace>/<name>` */
export function startApplication(
  world: MemoryWorld,
  target: string,
  start: StartApplication,
): MemoryApplication {
  const application: MemoryApplication = {
    auto: true,
    selfHeal: true,
    parent: undefined,
    ...start,
    frozenBy: undefined,
    revision: undefined,
    comparedAt: 0,
    unsynced: undefined,
    health: 'Healthy',
    refreshAt: undefined,
    operation: undefined,
    driftSince: undefined,
    failing: undefined,
    failed: undefined,
  };
  world.applications.set(target, application);
  compare(world, application);
  if (application.revision !== undefined) apply(world, application, application.revision);
  application.operation = undefined;
  compare(world, application);
  return application;
}

/** @throws OutsideRefusal, as an API server answers 404 */
export function applicationAt(world: MemoryWorld, target: string): MemoryApplication {
  const known = world.applications.get(target);
  if (!known) throw new OutsideRefusal(`Cannot find Application "${target}": there is none of this name`);
  passApplication(world, known);
  return known;
}

/** What its controller has done until now. */
export function passApplication(world: MemoryWorld, application: MemoryApplication): void {
  const now = world.clock.now();
  endOperation(world, application);
  const asked = application.refreshAt !== undefined && now >= application.refreshAt + REFRESH_MS;
  if (asked || now >= application.comparedAt + POLL_MS) {
    application.refreshAt = undefined;
    compare(world, application);
  }
  heal(world, application);
  endOperation(world, application);
}

/** Git that cannot be read leaves health as it was: that is no news of the pods. */
function compare(world: MemoryWorld, application: MemoryApplication): void {
  application.comparedAt = world.clock.now();
  const repository = repositoryAt(world, application.repository);
  if (repository.state === 'down') {
    application.unsynced = `sync unknown: failed to list refs: connection refused`;
    return;
  }
  application.revision = headAt(repository, application.branch);
  application.health = healthOf(world, application);
  const { revision, operation } = application;
  if (revision === undefined || operation) return;
  if (isLive(world, application, revision)) {
    application.unsynced = undefined;
    return;
  }
  application.unsynced =
    application.failed === revision ? `sync failed: ${application.failing}` : 'OutOfSync';
  if (application.auto && application.failed !== revision) begin(world, application, revision);
}

function begin({ clock }: MemoryWorld, application: MemoryApplication, revision: string): void {
  application.operation = { revision, endsAt: clock.now() + SYNC_MS };
  application.unsynced = 'sync running';
}

function endOperation(world: MemoryWorld, application: MemoryApplication): void {
  const { operation } = application;
  if (!operation || world.clock.now() < operation.endsAt) return;
  application.operation = undefined;
  application.driftSince = undefined;
  if (application.failing === undefined) apply(world, application, operation.revision);
  else application.failed = operation.revision;
  compare(world, application);
}

/** What was changed past Git is undone, where nothing new is to be synced. */
function heal(world: MemoryWorld, application: MemoryApplication): void {
  const { revision, operation, auto, selfHeal } = application;
  if (revision === undefined || operation || repositoryAt(world, application.repository).state === 'down')
    return;
  const now = world.clock.now();
  if (isLive(world, application, revision)) application.driftSince = undefined;
  else application.driftSince ??= now;
  const { driftSince } = application;
  if (driftSince === undefined) return;
  application.unsynced ??= 'OutOfSync';
  if (auto && selfHeal && now >= driftSince + HEAL_MS) apply(world, application, revision);
  if (isLive(world, application, revision)) application.unsynced = undefined;
}

/** `<container>: <image>`, a line each: what the twin renders. */
export const imagesIn = (text: string): Images =>
  Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const [, container, image] = /^([\w-]+): (.+)$/.exec(line) ?? [];
      return container && image ? [[container, image] as const] : [];
    }),
  );

function wanted(
  world: MemoryWorld,
  application: MemoryApplication,
  revision: string,
): (readonly [string, Images])[] {
  const repository = repositoryAt(world, application.repository);
  return Object.entries(application.deploys).flatMap(([target, path]) => {
    const text = fileAt(repository, revision, path);
    return text === undefined ? [] : [[target, imagesIn(text)] as const];
  });
}

function apply(world: MemoryWorld, application: MemoryApplication, revision: string): void {
  for (const [target, images] of wanted(world, application, revision)) {
    if (target.startsWith('rollout:')) applyImages(world, target, images);
    else deployImages(world, target, images);
  }
}

const isLive = (world: MemoryWorld, application: MemoryApplication, revision: string): boolean =>
  wanted(world, application, revision).every(
    ([target, images]) => JSON.stringify(liveImages(world, target)) === JSON.stringify(images),
  );

const liveImages = (world: MemoryWorld, target: string): Images =>
  target.startsWith('rollout:') ? rolloutAt(world, target).images : deploymentAt(world, target).images;

/** As Argo CD's own health checks read a Rollout: aborted is degraded, though users are well. */
function healthOf(world: MemoryWorld, { deploys }: MemoryApplication): string {
  const rollouts = Object.keys(deploys).flatMap((target) => world.rollouts.get(target) ?? []);
  if (rollouts.some(({ abort }) => abort)) return 'Degraded';
  return rollouts.some(({ currentPodHash, stableRS }) => currentPodHash !== stableRS)
    ? 'Suspended'
    : 'Healthy';
}
