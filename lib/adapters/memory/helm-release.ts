import { createHash } from 'node:crypto';
import { OutsideRefusal } from '../../core/errors.ts';
import type { Owner } from '../../core/step.ts';
import type { Revision } from '../levers/helm/history.ts';
import type { Sends } from '../levers/helm/pull.ts';
import { applyImages, type Images } from './rollout.ts';
import type { MemoryWorld } from './world.ts';

/** What a chart renders: the images of each workload, by `<Kind>/<name>`; `config` stands for all the rest. */
export interface MemoryChart {
  readonly workloads: Readonly<Record<string, Images>>;
  readonly config?: string;
}

export interface MemoryRevision {
  readonly number: number;
  status: 'deployed' | 'superseded' | 'failed' | 'pending-install' | 'pending-upgrade' | 'pending-rollback';
  description: string;
  readonly chart: MemoryChart;
  /** Epoch ms. */
  readonly at: number;
}

/** A live object of the release. */
export interface MemoryWorkload {
  images: Images;
  ready: boolean;
}

export interface MemoryRelease {
  /** Oldest first. */
  readonly revisions: MemoryRevision[];
  /** By `<Kind>/<name>`; those of a Rollout that the world has stand there. */
  readonly live: Map<string, MemoryWorkload>;
  /** What becomes of the next run of Helm, once. @default - it ends well */
  fate?: HelmFate | undefined;
  /** What CI and people keep of it; 0 is all. @default 10 */
  historyMax: number;
  /** Who writes its objects beside Helm. @default - nobody */
  writer?: Owner;
  /** Images whose pods never become ready. */
  readonly broken: Set<string>;
}

/**
 * `killed`: ended after its revision was written and before any object was; `killed-late`: after all objects were;
 * `refused`: the API refuses an object in the middle.
 */
export type HelmFate = 'killed' | 'killed-late' | 'refused';

/** @param target `targetOf` its lever. @throws OutsideRefusal, as Helm does: "release: not found" */
export function releaseAt(world: MemoryWorld, target: string): MemoryRelease {
  const known = world.releases.get(target);
  if (!known) throw new OutsideRefusal(`Cannot find release "${target}": there is no revision of it`);
  return known;
}

export const digestOf = ({ workloads, config = '' }: MemoryChart): string => {
  const images = Object.entries(workloads).map(([name, its]) => [name, Object.entries(its).sort()]);
  return createHash('sha256')
    .update(JSON.stringify([images.sort(), config]))
    .digest('hex');
};

/** The revisions, as their Secrets would be read. */
export const readRevisions = ({ revisions }: MemoryRelease): Revision[] =>
  revisions.map(({ number, status, description, chart, at }) => ({
    number,
    status,
    description,
    digest: digestOf(chart),
    startedAt: at,
  }));

export const newestOf = ({ revisions }: MemoryRelease): MemoryRevision | undefined => revisions.at(-1);

/** What becomes of this run: told once. */
export function fateOf(release: MemoryRelease): HelmFate | undefined {
  const { fate } = release;
  release.fate = undefined;
  return fate;
}

/** Whether every container of the chart runs its image; others may run beside them. */
export const sameImages = (wanted: Images, live: Images): boolean =>
  Object.entries(wanted).every(([container, image]) => live[container] === image);

type NewRevision = Omit<MemoryRevision, 'number' | 'at'> & { readonly historyMax?: number };

/** One revision more; pruning comes before it, and may take the very revision that is rolled back to. */
export function addRevision(
  world: MemoryWorld,
  release: MemoryRelease,
  { historyMax = 0, ...revision }: NewRevision,
): MemoryRevision {
  const number = 1 + (newestOf(release)?.number ?? 0);
  if (historyMax > 0) prune(release, historyMax - 1);
  const added: MemoryRevision = { ...revision, number, at: world.clock.now() };
  release.revisions.push(added);
  return added;
}

/** The oldest go first, but never the newest that is deployed (pkg/storage/storage.go removeLeastRecent). */
function prune({ revisions }: MemoryRelease, most: number): void {
  const kept = revisions.findLast(({ status }) => status === 'deployed');
  while (revisions.length > most) {
    const oldest = revisions.findIndex((revision) => revision !== kept);
    if (oldest === -1) return;
    revisions.splice(oldest, 1);
  }
}

/** Sends every object. Of a custom resource only what differs between the two revisions: what was changed by hand stays. */
export function applyChart(world: MemoryWorld, target: string, sent: Sent): void {
  const release = releaseAt(world, target);
  for (const name of release.live.keys()) if (!sent.to.workloads[name]) release.live.delete(name);
  for (const [name, images] of Object.entries(sent.to.workloads)) {
    const same = JSON.stringify(sent.from?.workloads[name]) === JSON.stringify(images);
    if (same && name.startsWith('Rollout/') && sent.sends !== 'whole objects') continue;
    putImages(world, target, { [name]: images });
  }
}

export interface Sent {
  readonly from: MemoryChart | undefined;
  readonly to: MemoryChart;
  /** @default changes */
  readonly sends?: Sends;
}

/** Gives live objects these images, as anybody could. @param workloads by `<Kind>/<name>` */
export function putImages(
  world: MemoryWorld,
  target: string,
  workloads: Readonly<Record<string, Images>>,
): void {
  const release = releaseAt(world, target);
  for (const [name, images] of Object.entries(workloads)) {
    const rollout = rolloutTarget(target, name);
    if (world.rollouts.has(rollout)) applyImages(world, rollout, images);
    const ready = !Object.values(images).some((image) => release.broken.has(image));
    release.live.set(name, { images, ready });
  }
}

/** What a live object has now: a Rollout's own images may have been changed past the release. */
export function liveOf(world: MemoryWorld, target: string, workload: string): MemoryWorkload | undefined {
  const known = releaseAt(world, target).live.get(workload);
  const rollout = world.rollouts.get(rolloutTarget(target, workload));
  return known && rollout ? { ...known, images: rollout.images } : known;
}

/** `helm:main/shop/web` and `Rollout/web` -> `rollout:main/shop/web`. */
const rolloutTarget = (target: string, workload: string): string =>
  workload.startsWith('Rollout/')
    ? `rollout:${target.slice('helm:'.length, target.lastIndexOf('/'))}/${workload.slice('Rollout/'.length)}`
    : '';
