import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import type { Sends } from '../levers/helm/pull.ts';
import {
  addRevision,
  applyChart,
  fateOf,
  type MemoryChart,
  type MemoryRelease,
  type MemoryRevision,
  newestOf,
  releaseAt,
} from './helm-release.ts';
import type { MemoryWorld } from './world.ts';

/** What a run of Helm leaves behind when it is begun: how it ends is told later. */
export interface HelmRun {
  /** `targetOf` its lever. */
  readonly target: string;
  readonly revision: MemoryRevision;
  readonly before: MemoryRevision;
}

/** `helm install`. @param target `targetOf` its lever */
export function installRelease(world: MemoryWorld, target: string, chart: MemoryChart): MemoryRelease {
  const release: MemoryRelease = { revisions: [], live: new Map(), historyMax: 10, broken: new Set() };
  world.releases.set(target, release);
  addRevision(world, release, { status: 'deployed', description: 'Install complete', chart });
  applyChart(world, target, { from: undefined, to: chart });
  return release;
}

/** `helm upgrade`, from its beginning to its end. @returns its revision */
export function upgradeRelease(world: MemoryWorld, target: string, chart: MemoryChart): number {
  return endUpgrade(beginUpgrade(world, target, chart));
}

/**
 * A job of CI that waits for its pods: its objects are there, its revision is pending.
 * @throws Error as Helm does where the newest revision is pending
 */
export function beginUpgrade(world: MemoryWorld, target: string, chart: MemoryChart): HelmRun {
  const release = releaseAt(world, target);
  const { historyMax } = release;
  const last = present(newestOf(release));
  if (last.status.startsWith('pending-'))
    throw new Error('another operation (install/upgrade/rollback) is in progress');
  const before = release.revisions.findLast(({ status }) => status === 'deployed') ?? last;
  const pending = { status: 'pending-upgrade', description: 'Preparing upgrade', chart, historyMax } as const;
  const revision = addRevision(world, release, pending);
  applyChart(world, target, { from: before.chart, to: chart });
  return { target, revision, before };
}

/** A job that times out leaves what was there `deployed`, and its own objects live. @returns its revision */
export function endUpgrade({ revision, before }: HelmRun, how: 'complete' | 'failed' = 'complete'): number {
  const failed = how === 'failed';
  if (!failed) before.status = 'superseded';
  revision.status = failed ? 'failed' : 'deployed';
  revision.description = failed ? 'Upgrade "web" failed: context deadline exceeded' : 'Upgrade complete';
  return revision.number;
}

/** `helm rollback`; without a revision it goes back by number, whatever that one was. @returns its revision */
export function rollBackByHand(world: MemoryWorld, target: string, to?: number): number {
  const release = releaseAt(world, target);
  const wanted = to ?? present(newestOf(release)).number - 1;
  const run = beginRollback(world, target, { to: wanted, historyMax: release.historyMax });
  endRollback(world, run);
  return run.revision.number;
}

/** Looks at no run that is pending; its revision is written before any object. */
export function beginRollback(
  world: MemoryWorld,
  target: string,
  { to, historyMax }: { readonly to: number; readonly historyMax: number },
): HelmRun {
  const release = releaseAt(world, target);
  const before = present(newestOf(release));
  const source = release.revisions.find(({ number }) => number === to);
  if (!source) throw new OutsideRefusal(`Cannot roll back "${target}": release has no ${to} version`);
  const { chart } = source;
  const pending = {
    status: 'pending-rollback',
    description: `Rollback to ${to}`,
    chart,
    historyMax,
  } as const;
  return { target, before, revision: addRevision(world, release, pending) };
}

/** Every revision that is deployed is superseded, also one that is newer (pkg/action/rollback.go performRollback). */
export function endRollback(world: MemoryWorld, run: HelmRun, sends: Sends = 'changes'): void {
  const { target, revision, before } = run;
  const release = releaseAt(world, target);
  const fate = fateOf(release);
  if (fate === 'killed') throw ended(target);
  if (fate === 'refused') throw refused(run);
  applyChart(world, target, { from: before.chart, to: revision.chart, sends });
  if (fate === 'killed-late') throw ended(target);
  for (const other of release.revisions) if (other.status === 'deployed') other.status = 'superseded';
  revision.status = 'deployed';
}

const ended = (target: string) =>
  new OutsideTrouble(`Cannot roll back "${target}": helm was ended before it was done`);

/** No revision is deployed then. */
function refused({ target, revision, before }: HelmRun): OutsideRefusal {
  revision.status = 'failed';
  revision.description = `Rollback "${target}" failed: forbidden`;
  before.status = 'superseded';
  return new OutsideRefusal(`Cannot roll back "${target}": forbidden`);
}

function present(revision: MemoryRevision | undefined): MemoryRevision {
  if (revision) return revision;
  throw new Error('Cannot run Helm: the release has no revision');
}
