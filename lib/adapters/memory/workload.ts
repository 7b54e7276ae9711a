import type { Workload } from '../../core/alias-pods.ts';
import { OutsideRefusal } from '../../core/errors.ts';
import type { MemoryWorld } from './world.ts';

/** One pod. It loads what the alias names when it is made, and keeps it. Epoch ms. */
export interface MemoryPod {
  readonly name: string;
  readonly madeAt: number;
  readonly readyAt: number;
  readonly version: string;
  /** Of the restart that it was made for. */
  readonly restart: string | undefined;
  /** When it is told to end. */
  endsAt?: number;
  goneAt?: number;
  /** It runs, and answers nothing. */
  deaf?: boolean;
}

/** A Deployment or a Rollout whose pods are replaced one after the other. */
export interface MemoryWorkload {
  readonly workload: Workload;
  readonly uid: string;
  readonly model: string;
  readonly alias: string;
  readonly replicas: number;
  /** While its controller is down nothing moves, and patches answer 200. */
  controller: 'up' | 'down';
  paused: boolean;
  resourceVersion: number;
  generation: number;
  observedGeneration: number;
  annotations: Record<string, string>;
  /** Of a Deployment the annotation in its template, of a Rollout `spec.restartAt`. */
  restart: string | undefined;
  /** The restart that its controller has ended. */
  restarted: string | undefined;
  /** How often its template was changed in a way that begins a canary: never by us. */
  canaries: number;
  managers: readonly string[];
  pods: MemoryPod[];
  /** When the next pod may be replaced. */
  turnAt: number;
  made: number;
}

export interface StartWorkload {
  readonly model: string;
  readonly alias: string;
}

const REPLICAS = 2;
/** From being made to being ready; from being told to end to being gone. */
const STARTS_MS = 1000;
const ENDS_MS = 500;

export const workloadKey = ({ kind, cluster, namespace, name }: Workload): string =>
  `${kind}:${cluster}/${namespace}/${name}`;

/** Makes a workload whose pods have loaded what the alias names now. */
export function startWorkload(
  world: MemoryWorld,
  workload: Workload,
  { model, alias }: StartWorkload,
): MemoryWorkload {
  const made: MemoryWorkload = {
    workload,
    uid: `uid-of-${workloadKey(workload)}`,
    model,
    alias,
    replicas: REPLICAS,
    controller: 'up',
    paused: false,
    resourceVersion: 1,
    generation: 1,
    observedGeneration: 1,
    annotations: {},
    restart: undefined,
    restarted: undefined,
    canaries: 0,
    managers: ['kubectl'],
    pods: [],
    turnAt: 0,
    made: 0,
  };
  renewPods(world, made);
  world.workloads.set(workloadKey(workload), made);
  return made;
}

/** @throws OutsideRefusal, as an API server answers 404. */
export function workloadIn(world: MemoryWorld, workload: Workload): MemoryWorkload {
  const known = world.workloads.get(workloadKey(workload));
  if (!known) throw new OutsideRefusal(`Cannot find "${workloadKey(workload)}": there is none of this name`);
  return known;
}

function makePod(world: MemoryWorld, workload: MemoryWorkload, madeAt: number): MemoryPod {
  const { model, alias } = workload;
  workload.made += 1;
  const made: MemoryPod = {
    name: `${workload.workload.name}-${workload.made}`,
    madeAt,
    readyAt: madeAt + STARTS_MS,
    version: world.models.get(model)?.aliases.get(alias) ?? 'none',
    restart: workload.restart,
  };
  workload.pods.push(made);
  return made;
}

/** Its pods are others at once, and have loaded what the alias names now: as a deploy leaves it. */
export function renewPods(world: MemoryWorld, workload: MemoryWorkload): void {
  const at = world.clock.now() - STARTS_MS;
  workload.pods = [];
  for (let n = 0; n < workload.replicas; n += 1) makePod(world, workload, at);
}

/** Writes the spec, one generation more. */
export function changeWorkload(world: MemoryWorld, workload: MemoryWorkload, change: () => void): void {
  workload.generation += 1;
  workload.resourceVersion += 1;
  change();
  workload.turnAt = Math.max(workload.turnAt, world.clock.now(), beginsAt(workload));
  reconcileWorkload(world, workload);
}

/** A Rollout waits for the moment that it is given. */
function beginsAt({ workload, restart }: MemoryWorkload): number {
  return workload.kind === 'rollout' && restart !== undefined ? Date.parse(restart) : 0;
}

/** What its controller has made of it by now: it replaces one pod, waits until the new one is ready, then the next. */
export function reconcileWorkload(world: MemoryWorld, workload: MemoryWorkload): void {
  const now = world.clock.now();
  if (workload.controller === 'up') {
    workload.observedGeneration = workload.generation;
    if (!workload.paused) replacePods(world, workload, now);
  }
  workload.pods = workload.pods.filter(({ goneAt = Infinity }) => goneAt > now);
}

function replacePods(world: MemoryWorld, workload: MemoryWorkload, now: number): void {
  // Without a moment a Rollout restarts nothing; a Deployment goes back to the template that it had before.
  if (workload.workload.kind === 'rollout' && workload.restart === undefined) return;
  for (;;) {
    const old = workload.pods.find((pod) => pod.endsAt === undefined && pod.restart !== workload.restart);
    if (!old) break;
    if (workload.turnAt > now) return;
    const fresh = makePod(world, workload, workload.turnAt);
    // A Deployment ends a pod when another is ready, a Rollout makes another when one was evicted.
    old.endsAt = workload.workload.kind === 'rollout' ? fresh.madeAt : fresh.readyAt;
    old.goneAt = old.endsAt + ENDS_MS;
    workload.turnAt = fresh.readyAt;
  }
  if (now >= beginsAt(workload)) workload.restarted = workload.restart;
}
