import { OutsideRefusal } from '../../core/errors.ts';
import type { Owner } from '../../core/step.ts';
import { type Images, podHashOf } from './rollout-controller.ts';
import type { MemoryWorld } from './world.ts';

export interface DeploymentSet {
  readonly images: Images;
  /** `deployment.kubernetes.io/revision`: the newest use of this template. */
  revision: number;
  pods: number;
}

/** A Deployment that moves its pods at once, where the new ones become ready. */
export interface MemoryDeployment {
  readonly uid: string;
  readonly name: string;
  owner: Owner | undefined;
  readonly replicas: number;
  /** While its controller is down nothing moves, and patches answer 200. */
  controller: 'up' | 'down';
  resourceVersion: number;
  generation: number;
  observedGeneration: number;
  images: Images;
  paused: boolean;
  annotations: Record<string, string>;
  /** Field managers that are no owner: what a next apply would conflict with. */
  managers: readonly string[];
  /** Hash of the ReplicaSet that has the template. */
  current: string;
  /** By pod-template-hash, oldest first. */
  readonly sets: Map<string, DeploymentSet>;
  /** Images whose pods never become ready. */
  readonly broken: Set<string>;
}

/** @default owner nobody */
export interface StartDeployment {
  readonly images: Images;
  readonly owner?: Owner;
}

const REPLICAS = 3;

/**
 * Makes a Deployment whose first template has all pods.
 * @param target `targetOf` its lever
 */
export function startDeployment(
  world: MemoryWorld,
  target: string,
  { images, owner }: StartDeployment,
): MemoryDeployment {
  const current = podHashOf(images);
  const deployment: MemoryDeployment = {
    uid: `uid-of-${target}`,
    name: target.split('/').at(-1) ?? '',
    owner,
    replicas: REPLICAS,
    controller: 'up',
    resourceVersion: 1,
    generation: 1,
    observedGeneration: 1,
    images,
    paused: false,
    annotations: {},
    managers: ['kubectl'],
    current,
    sets: new Map([[current, { images, revision: 1, pods: REPLICAS }]]),
    broken: new Set(),
  };
  world.deployments.set(target, deployment);
  return deployment;
}

/** @throws OutsideRefusal, as an API server answers 404. */
export function deploymentAt(world: MemoryWorld, target: string): MemoryDeployment {
  const known = world.deployments.get(target);
  if (!known) throw new OutsideRefusal(`Cannot find Deployment "${target}": there is none of this name`);
  return known;
}

/** Applies a template, as `kubectl apply` or a CI job does. @returns its pod-template-hash */
export function deployImages(world: MemoryWorld, target: string, images: Images): string {
  const deployment = deploymentAt(world, target);
  const hash = podHashOf(images);
  if (hash !== podHashOf(deployment.images)) changeDeployment(deployment, () => (deployment.images = images));
  return hash;
}

/** Writes the spec, one generation more, and lets the controller see it. */
export function changeDeployment(deployment: MemoryDeployment, change: () => void): void {
  deployment.generation += 1;
  deployment.resourceVersion += 1;
  change();
  reconcileDeployment(deployment);
}

/** What the controller makes of it, at once; nothing while it is down. */
export function reconcileDeployment(deployment: MemoryDeployment): void {
  if (deployment.controller === 'down') return;
  deployment.observedGeneration = deployment.generation;
  if (deployment.paused) return;
  const hash = podHashOf(deployment.images);
  if (hash !== deployment.current) takeUp(deployment, hash);
  movePods(deployment);
}

/** A template that was there before gets its ReplicaSet again, and the next number. */
function takeUp(deployment: MemoryDeployment, hash: string): void {
  const { sets, images } = deployment;
  const revision = 1 + Math.max(0, ...[...sets.values()].map((set) => set.revision));
  const known = sets.get(hash);
  if (known) known.revision = revision;
  else sets.set(hash, { images, revision, pods: 0 });
  deployment.current = hash;
}

/** The first new pod comes beside the old ones, of which none goes before it is ready. */
function movePods({ sets, current, replicas, broken }: MemoryDeployment): void {
  const newest = sets.get(current);
  if (!newest) return;
  if (Object.values(newest.images).some((image) => broken.has(image))) {
    newest.pods = Math.max(newest.pods, 1);
    return;
  }
  for (const [hash, set] of sets) set.pods = hash === current ? replicas : 0;
}

/** Hashes that have pods, with how many. */
export const podsOf = ({ sets }: MemoryDeployment): Map<string, number> =>
  new Map([...sets].filter(([, { pods }]) => pods > 0).map(([hash, { pods }]) => [hash, pods]));
