/** The targets of every kind of lever in a simulated world: how they are made, broken, edited and looked at. */
import type { MemoryWorld } from '../adapters/memory/world.ts';
import type { Lever, LeverKind } from '../core/service.ts';
import type { LeverOf } from '../ports/lever.ts';
import { aliasTarget } from './targets/alias.ts';
import { deploymentTarget } from './targets/deployment.ts';
import { flagTarget } from './targets/flag.ts';
import { gitTarget } from './targets/git.ts';
import { helmTarget } from './targets/helm.ts';
import { rolloutTarget } from './targets/rollout.ts';
import type { Target } from './targets/target.ts';

/** Complete by type. */
const TARGETS: { readonly [K in LeverKind]: Target<LeverOf<K>> } = {
  flag: flagTarget,
  alias: aliasTarget,
  rollout: rolloutTarget,
  deployment: deploymentTarget,
  helm: helmTarget,
  git: gitTarget,
};

/** The targets of a lever's kind. They are keyed by `kind`, which TypeScript cannot follow through the index. */
export const kindOf = (lever: Lever): Target => TARGETS[lever.kind] as unknown as Target;

/** What users get of a lever right now. */
export const servedBy = (world: MemoryWorld, lever: Lever): readonly string[] =>
  kindOf(lever).served(world, lever);
