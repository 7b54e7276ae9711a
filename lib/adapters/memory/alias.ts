import { createHash } from 'node:crypto';
import type { Workload } from '../../core/alias-pods.ts';
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import type { AliasLever } from '../../core/service.ts';
import type { Candidate, Observation } from '../../core/step.ts';
import { say } from '../../core/step.ts';
import type { Acted, LeverPort, Levers, Marker, Order } from '../../ports/lever.ts';
import { servedByPods } from '../levers/alias/pods.ts';
import { restart, restartOrderOf } from '../levers/alias/restart.ts';
import type { WorkloadPlace } from '../levers/alias/workload.ts';
import { workloadCluster } from './workload-cluster.ts';
import { type MemoryWorld, type ModelVersion, modelOf } from './world.ts';

/** MLflow as it is: an alias moves without being compared, and instances follow it only when they reload. */
export function memoryAlias(world: MemoryWorld): Levers['alias'] {
  return (): LeverPort<AliasLever> => ({
    observe: (lever, to) => observe(world, lever, to),
    act: async (lever, order) => {
      const acted = await move(world, lever, order);
      if (acted.conflict === undefined) await reload(world, lever, order);
      return acted;
    },
    served: async (lever) =>
      'pods' in lever.served
        ? servedByPods(placeOf(world, lever.served.pods), lever.served)
        : world.trouble.during('service.Served', () => [...instancesOf(world, lever)]),
  });
}

/** The lever's own rules over a cluster in memory. */
const placeOf = (world: MemoryWorld, workload: Workload): WorkloadPlace => ({
  client: workloadCluster(world, workload.cluster),
  clock: world.clock,
  workload,
});

async function reload(world: MemoryWorld, lever: AliasLever, order: Order): Promise<void> {
  if (typeof lever.reload === 'object')
    await restart(placeOf(world, lever.reload), restartOrderOf(lever, order));
  else if (lever.reload) await world.trouble.during('service.Reload', () => loadAgain(world, lever));
}

/** Tags versions in the registry of the world; a flag's value has no place for a mark. */
export const memoryMarker = (world: MemoryWorld): Marker => ({
  mark: async (_armed, { lever, value, state, incident, fence }) => {
    if (lever.kind !== 'alias') return;
    const tags = {
      'reinstate.incident': incident,
      'reinstate.fence': String(fence),
      'reinstate.state': state,
    };
    for (const [key, tag] of Object.entries(tags)) {
      await setTag(world, { model: lever.model, version: value }, [key, tag]);
    }
  },
});

async function observe(world: MemoryWorld, lever: AliasLever, to?: string | null): Promise<Observation> {
  const value = await standing(world, lever);
  const held = value === null ? { value } : { value, ...factsOf(world, lever.model, value) };
  if (to === undefined || to === null) return held;
  const candidate = await world.trouble.during('mlflow.GetVersion', () =>
    candidateOf(world, lever.model, to),
  );
  return { ...held, candidate };
}

const standing = (world: MemoryWorld, { model, alias }: AliasLever): Promise<string | null> =>
  world.trouble.during('mlflow.GetAlias', () => {
    const { aliases, versions } = modelOf(world, model);
    const version = aliases.get(alias);
    // Deleting a version takes its aliases with it.
    return version !== undefined && versions.has(version) ? version : null;
  });

function candidateOf(world: MemoryWorld, model: string, value: string): Candidate {
  const version = modelOf(world, model).versions.get(value);
  if (!version) return { value, fit: 'missing' };
  return { value, fit: fitOf(version), digest: digestOf(version) };
}

function fitOf({ status, tags }: ModelVersion): Candidate['fit'] {
  if (tags.get('reinstate.state') === 'quarantined') return 'quarantined';
  return status === 'READY' ? 'ready' : 'not-ready';
}

function factsOf(world: MemoryWorld, model: string, value: string) {
  const version = modelOf(world, model).versions.get(value);
  return version ? { digest: digestOf(version), runId: version.runId } : {};
}

const digestOf = ({ content, runId }: ModelVersion): string =>
  createHash('sha256')
    .update(JSON.stringify([runId, content]))
    .digest('hex');

async function move(world: MemoryWorld, lever: AliasLever, order: Order): Promise<Acted> {
  const now = await standing(world, lever);
  if (now !== order.to && now !== order.before.value) {
    return { conflict: `${named(lever)} was set to ${say(now)} in between; it was left as it is` };
  }
  if (now !== order.to) await put(world, lever, order);
  const after = await standing(world, lever);
  if (after !== order.to) return { conflict: `${named(lever)} was set to ${say(after)} right after us` };
  return {};
}

const named = ({ model, alias }: AliasLever): string => `alias "${alias}" of model "${model}"`;

async function put(world: MemoryWorld, lever: AliasLever, { to, fence, incident }: Order): Promise<void> {
  const { model, alias } = lever;
  if (to === null) {
    await world.trouble.during('mlflow.DeleteAlias', () => modelOf(world, model).aliases.delete(alias));
    return;
  }
  const version = { model, version: to };
  await Promise.allSettled([
    setTag(world, version, ['reinstate.fence', String(fence)]),
    setTag(world, version, ['reinstate.incident', incident]),
  ]);
  await world.trouble.during('mlflow.SetAlias', () => {
    versionOf(world, version);
    modelOf(world, model).aliases.set(alias, to);
  });
}

type VersionName = { readonly model: string; readonly version: string };

const setTag = (world: MemoryWorld, version: VersionName, [key, value]: [string, string]): Promise<void> =>
  world.trouble.during('mlflow.SetTag', () => {
    versionOf(world, version).tags.set(key, value);
  });

function versionOf(world: MemoryWorld, { model, version }: VersionName): ModelVersion {
  const known = modelOf(world, model).versions.get(version);
  if (!known) throw new OutsideRefusal(`Cannot find version "${version}" of model "${model}"`);
  return known;
}

/** Instances load what the alias names now; without an alias they fail and keep the old version. */
function loadAgain(world: MemoryWorld, lever: AliasLever): void {
  const version = modelOf(world, lever.model).aliases.get(lever.alias);
  if (version === undefined) throw new OutsideTrouble(`Cannot reload: ${named(lever)} is not set`);
  const instances = instancesOf(world, lever);
  world.serving.set(
    targetOf(lever),
    instances.map(() => version),
  );
}

const targetOf = ({ model, alias }: AliasLever): string => `${model}@${alias}`;

function instancesOf(world: MemoryWorld, lever: AliasLever): readonly string[] {
  const instances = world.serving.get(targetOf(lever));
  if (!instances) throw new OutsideTrouble(`Cannot reach the instances that serve "${targetOf(lever)}"`);
  return instances;
}
