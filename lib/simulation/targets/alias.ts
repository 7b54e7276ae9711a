import { renewPods, startWorkload, workloadKey } from '../../adapters/memory/workload.ts';
import { podsThere } from '../../adapters/memory/workload-cluster.ts';
import { type MemoryWorld, moveAlias, registerVersion, startServing } from '../../adapters/memory/world.ts';
import { type AliasLever, targetOf } from '../../core/service.ts';
import type { Target } from './target.ts';

/** Versions of a model that were good once; the newest is served. */
const GOOD_VERSIONS = 3;
const INSTANCES = 2;

const aliasOf = ({ model, alias }: AliasLever): string => `${model}@${alias}`;

/** Instances load what the alias names now, however they are made to. */
function load(world: MemoryWorld, lever: AliasLever): void {
  if (typeof lever.reload !== 'object') startServing(world, aliasOf(lever), INSTANCES);
  else {
    const known = world.workloads.get(workloadKey(lever.reload));
    if (known) renewPods(world, known);
    else startWorkload(world, lever.reload, lever);
  }
}

function servedOf(world: MemoryWorld, lever: AliasLever): readonly string[] {
  if (typeof lever.reload !== 'object') return world.serving.get(aliasOf(lever)) ?? [];
  const known = world.workloads.get(workloadKey(lever.reload));
  return known ? podsThere(world, known).map(({ version }) => version) : [];
}

/** An alias that instances follow when they reload, or when their pods are restarted. */
export const aliasTarget: Target<AliasLever> = {
  make: (world, lever) => {
    if (!world.models.has(lever.model))
      for (let n = 0; n < GOOD_VERSIONS; n++) registerVersion(world, lever.model);
    moveAlias(world, aliasOf(lever), String(GOOD_VERSIONS - 1));
  },
  renew: (world, lever) => {
    moveAlias(world, aliasOf(lever), String(GOOD_VERSIONS));
    load(world, lever);
  },
  held: (world, { model, alias }) => {
    const aliases = world.models.get(model)?.aliases ?? new Map<string, string>();
    const names = new Set([alias, ...aliases.keys()]);
    return [...names].map((name) => [`alias:${model}@${name}`, aliases.get(name) ?? null]);
  },
  served: servedOf,
  ship: (world, lever) => {
    const version = registerVersion(world, lever.model);
    moveAlias(world, aliasOf(lever), version);
    load(world, lever);
    return new Map([[targetOf(lever), version]]);
  },
  put: (world, lever, value) => {
    if (!world.models.get(lever.model)?.versions.has(value)) return;
    moveAlias(world, aliasOf(lever), value);
    load(world, lever);
  },
  own: (world, { model }) => registerVersion(world, model),
  forget: (world, { model }, value) => {
    world.models.get(model)?.versions.delete(value);
  },
};
