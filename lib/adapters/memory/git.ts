import { OutsideRefusal } from '../../core/errors.ts';
import type { GitLever } from '../../core/service.ts';
import type { LeverPort, Levers } from '../../ports/lever.ts';
import type { MemoryWorld } from './world.ts';

/** Git and Argo CD as they are. */
export function memoryGit(_world: MemoryWorld): Levers['git'] {
  return (): LeverPort<GitLever> => ({ observe: notBuilt, act: notBuilt, served: notBuilt });
}

const notBuilt = async (): Promise<never> => {
  throw new OutsideRefusal('Cannot use a git lever: not built yet');
};
