import type { ClusterAddress } from '../../core/cluster-addresses.ts';
import type { Acknowledged } from '../../core/desk.ts';
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import type { Measurement } from '../../core/metrics.ts';
import type { AlarmReading, Datapoint } from '../../core/verdict.ts';
import type { Attributes, Key } from '../../core/write.ts';
import type { ExecutionStatus } from '../../ports/executions.ts';
import type { Message } from '../../ports/notifier.ts';
import { type MemoryClock, memoryClock } from './clock.ts';
import type { MemoryDeployment } from './deployment.ts';
import type { MemoryApplication, MemoryRepository } from './git.ts';
import type { MemoryRelease } from './helm.ts';
import type { MemoryRollout } from './rollout.ts';
import { noTrouble, type Trouble } from './trouble.ts';
import type { MemoryWorkload } from './workload.ts';

/** One version of an SSM parameter. */
export interface ParameterVersion {
  readonly value: string;
  readonly at: number;
  readonly by: string;
}

/** An SSM parameter: its version is its place in the history, from 1. */
export interface MemoryParameter {
  readonly type: 'String' | 'StringList' | 'SecureString';
  readonly history: ParameterVersion[];
}

export interface ModelVersion {
  status: 'READY' | 'PENDING_REGISTRATION' | 'FAILED_REGISTRATION';
  readonly runId: string;
  /** Stands for all the artifact is: two versions with one content have one digest. */
  content: string;
  readonly tags: Map<string, string>;
}

export interface MemoryModel {
  readonly versions: Map<string, ModelVersion>;
  readonly aliases: Map<string, string>;
}

export interface MemoryExecution {
  readonly name: string;
  readonly input: unknown;
  status: ExecutionStatus;
}

/** All of the outside, as plain maps that a test can look into and spoil. */
export interface MemoryWorld {
  readonly clock: MemoryClock;
  readonly trouble: Trouble;
  /** The table, by `itemKey`. */
  readonly items: Map<string, Attributes & Key>;
  /** SSM: flags, modes and armed services. */
  readonly parameters: Map<string, MemoryParameter>;
  /** The MLflow registry. */
  readonly models: Map<string, MemoryModel>;
  /** Versions that instances have loaded, by `model@alias`: they follow the alias only when told to reload. */
  readonly serving: Map<string, string[]>;
  /** What readers of a flag use, by parameter, where they do not follow it. */
  readonly stuckReaders: Map<string, string[]>;
  /** Where EKS says that clusters are, by their name there. */
  readonly eksClusters: Map<string, ClusterAddress>;
  /** Argo Rollouts, by target. */
  readonly rollouts: Map<string, MemoryRollout>;
  /** Plain Deployments, by target. */
  readonly deployments: Map<string, MemoryDeployment>;
  /** What has the pods that load an alias when they start, by `workloadKey`. */
  readonly workloads: Map<string, MemoryWorkload>;
  /** Helm releases, by target. */
  readonly releases: Map<string, MemoryRelease>;
  /** Git repositories, by URL. */
  readonly repositories: Map<string, MemoryRepository>;
  /** Applications of Argo CD, by `<cluster>/<namespace>/<name>`. */
  readonly applications: Map<string, MemoryApplication>;
  /** Datapoints by signal name. */
  readonly datapoints: Map<string, Datapoint[]>;
  readonly alarms: Map<string, Omit<AlarmReading, 'arn'>>;
  /** What alarms against the baseline were moved to, by ARN; none fires before. */
  readonly thresholds: Map<string, number>;
  /** By ARN. */
  readonly executions: Map<string, MemoryExecution>;
  /** One for each channel it went to. */
  readonly messages: (Message & { readonly to: string })[];
  /** Who acknowledged in PagerDuty, by incident. */
  readonly acknowledged: Map<string, Acknowledged>;
  readonly reports: Map<string, { readonly body: string; readonly contentType: string }>;
  readonly beats: number[];
  /** Figures for the dashboard. */
  readonly measurements: Measurement[];
}

export function memoryWorld(startsAt = Date.UTC(2026, 10, 21, 9)): MemoryWorld {
  return {
    clock: memoryClock(startsAt),
    trouble: noTrouble(),
    items: new Map(),
    parameters: new Map(),
    models: new Map(),
    serving: new Map(),
    stuckReaders: new Map(),
    eksClusters: new Map(),
    rollouts: new Map(),
    deployments: new Map(),
    workloads: new Map(),
    releases: new Map(),
    repositories: new Map(),
    applications: new Map(),
    datapoints: new Map(),
    alarms: new Map(),
    thresholds: new Map(),
    executions: new Map(),
    messages: [],
    acknowledged: new Map(),
    reports: new Map(),
    beats: [],
    measurements: [],
  };
}

export const itemKey = ({ pk, sk }: Key): string => `${pk}\n${sk}`;

/** Writes a parameter as an operator could: one version more. @returns the new version. */
export const putParameter = (world: MemoryWorld, name: string, value: string): number =>
  writeParameter(world, name, { value, by: 'operator' });

export function writeParameter(
  world: MemoryWorld,
  name: string,
  { value, by }: Omit<ParameterVersion, 'at'>,
): number {
  const known: MemoryParameter = world.parameters.get(name) ?? { type: 'String', history: [] };
  world.parameters.set(name, known);
  return known.history.push({ value, at: world.clock.now(), by });
}

/** Registers the next version of a model, making the model when there is none. @returns its number. */
export function registerVersion(
  world: MemoryWorld,
  model: string,
  version: Partial<Omit<ModelVersion, 'tags'>> = {},
): string {
  const known: MemoryModel = world.models.get(model) ?? { versions: new Map(), aliases: new Map() };
  world.models.set(model, known);
  // As in MLflow, the number of a version that was deleted is not used again.
  const number = String(1 + Math.max(0, ...[...known.versions.keys()].map(Number)));
  const defaults = { status: 'READY', runId: `run-${number}`, content: `${model} ${number}` } as const;
  known.versions.set(number, { ...defaults, ...version, tags: new Map() });
  return number;
}

/** Points an alias at a version as anybody could; instances that serve it do not notice. */
export function moveAlias(world: MemoryWorld, target: string, version: string): void {
  const [model = '', alias = ''] = target.split('@');
  modelOf(world, model).aliases.set(alias, version);
}

/** Starts instances that load what the alias names now. */
export function startServing(world: MemoryWorld, target: string, instances = 1): void {
  const [model = '', alias = ''] = target.split('@');
  const version = modelOf(world, model).aliases.get(alias);
  if (version === undefined) throw new OutsideTrouble(`Cannot serve "${target}": the alias is not set`);
  world.serving.set(target, new Array<string>(instances).fill(version));
}

/** @throws OutsideRefusal, as MLflow answers 404. */
export function modelOf(world: MemoryWorld, model: string): MemoryModel {
  const known = world.models.get(model);
  if (!known) throw new OutsideRefusal(`Cannot find registered model "${model}"`);
  return known;
}
