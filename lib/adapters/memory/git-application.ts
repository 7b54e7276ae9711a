import { OutsideRefusal } from '../../core/errors.ts';
import type { Owner } from '../../core/step.ts';
import { deployImages, startDeployment } from './deployment.ts';
import { fileAt, headAt, repositoryAt } from './git-repository.ts';
import { applyImages, type Images, startRollout } from './rollout.ts';
import type { MemoryWorld } from './world.ts';

/** An Application of Argo CD, and its controller, which goes by the clock. */
export interface MemoryApplication {
  readonly name: string;
  readonly repository: string;
  readonly branch: string;
  /** The file that has the images of each object, by the object's target (`rollout:` or `deployment:`). */
  readonly deploys: Readonly<Record<string, string>>;
  /** Who its objects say owns them. */
  readonly owner: Owner | undefined;
  /** How often it looks at Git by itself. */
  readonly pollMs: number;
  /** Whether its controller acts whenever it is read; while it is down nothing moves. */
  controller: 'up' | 'down';
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
  /** The commit whose sync was begun last: none is begun twice by itself. */
  attempted: string | undefined;
  /** The commit whose sync failed. */
  failed: string | undefined;
}

/** Argo CD's own poll, a refresh that was asked for, a sync, and selfHeal: as measured with 3.5. */
const POLL_MS = 180_000;
const REFRESH_MS = 300;
const SYNC_MS = 700;
const HEAL_MS = 1500;

/** @default owner - as those objects say that are there, pollMs 180,000 */
export type StartApplication = Pick<MemoryApplication, 'name' | 'repository' | 'branch' | 'deploys'> &
  Partial<Pick<MemoryApplication, 'auto' | 'selfHeal' | 'parent' | 'owner' | 'pollMs'>>;

/** An Application that has just synced. @param target `<cluster>/<namespace>/<name>` */
export function startApplication(
  world: MemoryWorld,
  target: string,
  start: StartApplication,
): MemoryApplication {
  const application: MemoryApplication = {
    owner: undefined,
    pollMs: POLL_MS,
    auto: true,
    selfHeal: true,
    parent: undefined,
    ...start,
    controller: 'up',
    frozenBy: undefined,
    revision: undefined,
    comparedAt: 0,
    unsynced: undefined,
    health: 'Healthy',
    refreshAt: undefined,
    operation: undefined,
    driftSince: undefined,
    failing: undefined,
    attempted: undefined,
    failed: undefined,
  };
  world.applications.set(target, application);
  syncAtOnce(world, application);
  return application;
}

/** It was synced, by itself or by a person, before anybody looks. */
export function syncAtOnce(world: MemoryWorld, application: MemoryApplication): void {
  const head = headAt(repositoryAt(world, application.repository), application.branch);
  if (head === undefined) return;
  apply(world, application, head);
  application.operation = undefined;
  application.driftSince = undefined;
  application.attempted = head;
  compare(world, application);
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
  if (application.controller === 'down') return;
  const now = world.clock.now();
  endOperation(world, application);
  const asked = application.refreshAt !== undefined && now >= application.refreshAt + REFRESH_MS;
  if (asked || now >= application.comparedAt + application.pollMs) {
    application.refreshAt = undefined;
    compare(world, application);
  }
  heal(world, application);
  endOperation(world, application);
}

/** When its controller has something to do next, if nothing else happens (epoch ms). */
export function nextPassAt(application: MemoryApplication): number {
  const { comparedAt, pollMs, refreshAt, operation, driftSince, auto, selfHeal } = application;
  return Math.min(
    comparedAt + pollMs,
    refreshAt === undefined ? Number.POSITIVE_INFINITY : refreshAt + REFRESH_MS,
    operation?.endsAt ?? Number.POSITIVE_INFINITY,
    driftSince !== undefined && auto && selfHeal ? driftSince + HEAL_MS : Number.POSITIVE_INFINITY,
  );
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
  if (application.auto && application.attempted !== revision) begin(world, application, revision);
}

function begin({ clock }: MemoryWorld, application: MemoryApplication, revision: string): void {
  application.attempted = revision;
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
  application.health = healthOf(world, application);
  if (isLive(world, application, revision)) application.driftSince = undefined;
  else application.driftSince ??= now;
  const { driftSince } = application;
  if (driftSince === undefined) return;
  application.unsynced ??= 'OutOfSync';
  if (auto && selfHeal && now >= driftSince + HEAL_MS) apply(world, application, revision);
  if (!isLive(world, application, revision)) return;
  application.unsynced = undefined;
  application.driftSince = undefined;
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

/** What is not there any more is made anew. */
function apply(world: MemoryWorld, application: MemoryApplication, revision: string): void {
  const { owner } = application;
  for (const [target, images] of wanted(world, application, revision)) {
    const isRollout = target.startsWith('rollout:');
    const isThere = isRollout ? world.rollouts.has(target) : world.deployments.has(target);
    const start = { images, ...(owner && { owner }) };
    if (!isThere) isRollout ? startRollout(world, target, start) : startDeployment(world, target, start);
    else if (isRollout) applyImages(world, target, images);
    else deployImages(world, target, images);
  }
}

const isLive = (world: MemoryWorld, application: MemoryApplication, revision: string): boolean =>
  wanted(world, application, revision).every(
    ([target, images]) => JSON.stringify(liveImages(world, target)) === JSON.stringify(images),
  );

const liveImages = (world: MemoryWorld, target: string): Images | undefined =>
  (target.startsWith('rollout:') ? world.rollouts : world.deployments).get(target)?.images;

/** As Argo CD's own health checks read a Rollout: aborted is degraded, though users are well. */
function healthOf(world: MemoryWorld, { deploys }: MemoryApplication): string {
  const rollouts = Object.keys(deploys).flatMap((target) => world.rollouts.get(target) ?? []);
  if (rollouts.some(({ abort }) => abort)) return 'Degraded';
  return rollouts.some(({ currentPodHash, stableRS }) => currentPodHash !== stableRS)
    ? 'Suspended'
    : 'Healthy';
}
