import { createHash } from 'node:crypto';
import type { Owner } from '../../core/step.ts';
import type { MemoryWorld } from './world.ts';

/** Images by container: all that makes one pod template of the twin differ from another. */
export type Images = Readonly<Record<string, string>>;

export interface MemoryReplicaSet {
  readonly images: Images;
  /** `rollout.argoproj.io/revision`: the newest use of this template. */
  revision: number;
}

/** A Rollout of the canary strategy with traffic routing, its spec, its status and its ReplicaSets. */
export interface MemoryRollout {
  readonly uid: string;
  owner: Owner | undefined;
  /** Percent that an update gets at its first step, where it waits for a person. */
  readonly firstWeight: number;
  /** `spec.rollbackWindow.revisions`. @default 0: none */
  readonly rollbackWindow: number;
  /** Whether the controller runs; while it is down nothing moves, and patches answer 200. */
  controller: 'up' | 'down';
  resourceVersion: number;
  /** Counts changes of the spec, not of the status. */
  generation: number;
  images: Images;
  paused: boolean;
  /** Counts changes of the canary's steps: they start an update anew, as a new template does. */
  steps: number;
  annotations: Record<string, string>;
  /** Field managers of the spec that are no owner: what a next apply would conflict with. */
  managers: readonly string[];
  observedGeneration: number;
  observedSteps: number;
  currentPodHash: string;
  stableRS: string;
  abort: boolean;
  abortedAt: number | undefined;
  promoteFull: boolean;
  canaryWeight: number;
  /** By pod-template-hash, oldest first. */
  readonly replicaSets: Map<string, MemoryReplicaSet>;
}

/** Ten letters and digits that are equal exactly when the templates are. */
export const podHashOf = (images: Images): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(images).sort()))
    .digest('hex')
    .slice(0, 10);

/** What the controller makes of a Rollout, at once; nothing while it is down. */
export function reconcile(rollout: MemoryRollout, now: number): void {
  if (rollout.controller === 'down') return;
  seeSpec(rollout);
  if (rollout.currentPodHash === rollout.stableRS) settle(rollout);
  else if (rollout.promoteFull && !rollout.paused) promote(rollout);
  else if (rollout.abort) takeBack(rollout, now);
  else goOn(rollout);
}

function takeBack(rollout: MemoryRollout, now: number): void {
  rollout.abortedAt ??= now;
  rollout.canaryWeight = 0;
}

/** What was aborted and is not any more starts again. */
function goOn(rollout: MemoryRollout): void {
  rollout.abortedAt = undefined;
  rollout.canaryWeight = rollout.firstWeight;
}

/** A new template, or new steps, start an update: whatever was aborted or promoted before is forgotten. */
function seeSpec(rollout: MemoryRollout): void {
  const hash = podHashOf(rollout.images);
  const same = hash === rollout.currentPodHash && rollout.steps === rollout.observedSteps;
  rollout.observedGeneration = rollout.generation;
  rollout.observedSteps = rollout.steps;
  if (same) return;
  rollout.currentPodHash = hash;
  forget(rollout);
  addReplicaSet(rollout, hash);
  if (withinWindow(rollout, hash)) rollout.promoteFull = true;
}

function forget(rollout: MemoryRollout): void {
  rollout.abort = false;
  rollout.abortedAt = undefined;
  rollout.promoteFull = false;
}

function addReplicaSet({ replicaSets, images }: MemoryRollout, hash: string): void {
  const revision = 1 + Math.max(0, ...[...replicaSets.values()].map((known) => known.revision));
  const known = replicaSets.get(hash);
  if (known) known.revision = revision;
  else replicaSets.set(hash, { images, revision });
}

/** Steps are skipped for a template older than the stable one, with fewer than that many in between. */
function withinWindow({ replicaSets, stableRS, rollbackWindow }: MemoryRollout, hash: string): boolean {
  const age = [...replicaSets.keys()];
  const newer = age.indexOf(stableRS) - age.indexOf(hash);
  return newer > 0 && newer - 1 < rollbackWindow;
}

/** One hash has everything: an abort of it, or a promotion, is wiped. */
function settle(rollout: MemoryRollout): void {
  forget(rollout);
  rollout.canaryWeight = 0;
}

function promote(rollout: MemoryRollout): void {
  rollout.stableRS = rollout.currentPodHash;
  settle(rollout);
}

/** Writes the spec, one generation more, and lets the controller see it. */
export function changeSpec(world: MemoryWorld, rollout: MemoryRollout, change: () => void): void {
  rollout.generation += 1;
  changeStatus(world, rollout, change);
}

/** Writes the status, and lets the controller see it. */
export function changeStatus({ clock }: MemoryWorld, rollout: MemoryRollout, change: () => void): void {
  rollout.resourceVersion += 1;
  change();
  reconcile(rollout, clock.now());
}

/** Writes what is neither spec nor status. */
export function changeMetadata(rollout: MemoryRollout, change: () => void): void {
  rollout.resourceVersion += 1;
  change();
}
