import { OutsideRefusal } from '../../core/errors.ts';
import { type RolloutLever, targetOf } from '../../core/service.ts';
import type { Owner } from '../../core/step.ts';
import type { Levers } from '../../ports/lever.ts';
import { rolloutPort } from '../levers/rollout.ts';
import { memoryCluster } from './rollout-cluster.ts';
import {
  changeSpec,
  changeStatus,
  type Images,
  type MemoryRollout,
  podHashOf,
  reconcile,
} from './rollout-controller.ts';
import type { MemoryWorld } from './world.ts';

export type { Images, MemoryRollout } from './rollout-controller.ts';
export { podHashOf } from './rollout-controller.ts';

/** The lever's own rules over a cluster in memory, whose controller acts at once. */
export const memoryRollout =
  (world: MemoryWorld): Levers['rollout'] =>
  () =>
    rolloutPort({
      clock: world.clock,
      clientOf: async ({ cluster }) => memoryCluster(world, cluster),
      served: async (lever) =>
        lever.served && world.trouble.during('service.Served', () => servedAt(world, lever)),
    });

/** Pods that get requests say their hash. */
const servedAt = (world: MemoryWorld, lever: RolloutLever): string[] => [
  ...sharesOf(rolloutAt(world, targetOf({ ...lever, part: 'traffic' }))).keys(),
];

/** @default owner nobody, firstWeight 10, rollbackWindow 0 */
export interface StartRollout {
  readonly images: Images;
  readonly owner?: Owner;
  readonly firstWeight?: number;
  readonly rollbackWindow?: number;
}

/**
 * Makes a Rollout whose first template serves everything.
 * @param target `targetOf` its lever of part `traffic`
 */
export function startRollout(world: MemoryWorld, target: string, start: StartRollout): MemoryRollout {
  const { images, owner, firstWeight = 10, rollbackWindow = 0 } = start;
  const hash = podHashOf(images);
  const rollout: MemoryRollout = {
    uid: `uid-of-${target}`,
    owner,
    firstWeight,
    rollbackWindow,
    controller: 'up',
    resourceVersion: 1,
    generation: 1,
    images,
    paused: false,
    steps: 1,
    annotations: {},
    managers: ['kubectl'],
    observedGeneration: 1,
    observedSteps: 1,
    currentPodHash: hash,
    stableRS: hash,
    abort: false,
    abortedAt: undefined,
    promoteFull: false,
    canaryWeight: 0,
    replicaSets: new Map([[hash, { images, revision: 1 }]]),
  };
  world.rollouts.set(target, rollout);
  return rollout;
}

/** @throws OutsideRefusal, as an API server answers 404. */
export function rolloutAt(world: MemoryWorld, target: string): MemoryRollout {
  const known = world.rollouts.get(target);
  if (!known) throw new OutsideRefusal(`Cannot find Rollout "${target}": there is none of this name`);
  return known;
}

/** Applies a template, as `kubectl apply`, a CI job or Helm does. @returns its pod-template-hash */
export function applyImages(world: MemoryWorld, target: string, images: Images): string {
  const rollout = rolloutAt(world, target);
  const hash = podHashOf(images);
  if (hash !== podHashOf(rollout.images)) changeSpec(world, rollout, () => (rollout.images = images));
  return hash;
}

/** A new release: this image in the first container. @returns the new pod-template-hash */
export function pushImage(world: MemoryWorld, target: string, image: string): string {
  const { images } = rolloutAt(world, target);
  const [container = 'app'] = Object.keys(images);
  return applyImages(world, target, { ...images, [container]: image });
}

/** What `promote --full` of the plugin sends; also what a canary comes to after its last step. */
export function promoteByHand(world: MemoryWorld, target: string): void {
  const rollout = rolloutAt(world, target);
  if (rollout.currentPodHash !== rollout.stableRS)
    changeStatus(world, rollout, () => (rollout.promoteFull = true));
}

/** What `abort` and `retry` of the plugin send: neither looks at `promoteFull`. */
export function abortByHand(world: MemoryWorld, target: string, abort = true): void {
  const rollout = rolloutAt(world, target);
  changeStatus(world, rollout, () => {
    rollout.abort = abort;
  });
}

/** Edits the canary's steps, which starts an aborted update again. */
export function changeSteps(world: MemoryWorld, target: string): void {
  const rollout = rolloutAt(world, target);
  changeSpec(world, rollout, () => (rollout.steps += 1));
}

/** `spec.paused`, as the plugin's `pause` sets it. */
export function pauseByHand(world: MemoryWorld, target: string, paused = true): void {
  const rollout = rolloutAt(world, target);
  changeSpec(world, rollout, () => (rollout.paused = paused));
}

/** Stops the controller, or lets it catch up with all that was written meanwhile. */
export function controllerOf(world: MemoryWorld, target: string, state: 'up' | 'down'): void {
  const rollout = rolloutAt(world, target);
  rollout.controller = state;
  reconcile(rollout, world.clock.now());
}

/** Percent of requests by pod-template-hash. */
export function sharesOf({ stableRS, currentPodHash, canaryWeight }: MemoryRollout): Map<string, number> {
  const stable: [string, number] = [stableRS, 100 - canaryWeight];
  return new Map(canaryWeight > 0 ? [stable, [currentPodHash, canaryWeight]] : [stable]);
}
