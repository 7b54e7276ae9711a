import type { Levers } from '../../ports/lever.ts';
import { memoryAlias } from './alias.ts';
import { memoryDeployment } from './deployment.ts';
import { memoryFlag } from './flag.ts';
import { memoryGit } from './git.ts';
import { memoryHelm } from './helm.ts';
import { memoryRollout } from './rollout.ts';
import type { MemoryWorld } from './world.ts';

/** Every kind of lever on the world in memory. */
export const memoryLevers = (world: MemoryWorld): Levers => ({
  flag: memoryFlag(world),
  alias: memoryAlias(world),
  rollout: memoryRollout(world),
  deployment: memoryDeployment(world),
  helm: memoryHelm(world),
  git: memoryGit(world),
});
