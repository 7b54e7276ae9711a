import { moveAlias, registerVersion, startServing } from '../../adapters/memory/world.ts';
import { type AliasLever, targetOf } from '../../core/service.ts';
import type { Target } from './target.ts';

/** Versions of a model that were good once; the newest is served. */
const GOOD_VERSIONS = 3;
const INSTANCES = 2;

const aliasOf = ({ model, alias }: AliasLever): string => `${model}@${alias}`;

/** An alias that instances follow when they reload. */
export const aliasTarget: Target<AliasLever> = {
  make: (world, lever) => {
    if (!world.models.has(lever.model))
      for (let n = 0; n < GOOD_VERSIONS; n++) registerVersion(world, lever.model);
    moveAlias(world, aliasOf(lever), String(GOOD_VERSIONS - 1));
  },
  renew: (world, lever) => {
    moveAlias(world, aliasOf(lever), String(GOOD_VERSIONS));
    startServing(world, aliasOf(lever), INSTANCES);
  },
  held: (world, { model, alias }) => {
    const aliases = world.models.get(model)?.aliases ?? new Map<string, string>();
    const names = new Set([alias, ...aliases.keys()]);
    return [...names].map((name) => [`alias:${model}@${name}`, aliases.get(name) ?? null]);
  },
  served: (world, lever) => world.serving.get(aliasOf(lever)) ?? [],
  ship: (world, lever) => {
    const version = registerVersion(world, lever.model);
    moveAlias(world, aliasOf(lever), version);
    startServing(world, aliasOf(lever), INSTANCES);
    return new Map([[targetOf(lever), version]]);
  },
  put: (world, lever, value) => {
    if (!world.models.get(lever.model)?.versions.has(value)) return;
    moveAlias(world, aliasOf(lever), value);
    world.serving.set(aliasOf(lever), [value, value]);
  },
  own: (world, { model }) => registerVersion(world, model),
  forget: (world, { model }, value) => {
    world.models.get(model)?.versions.delete(value);
  },
};
