import type { GitLever } from '../../core/service.ts';
import type { LeverPort, Levers } from '../../ports/lever.ts';
import { newStore } from '../git/objects.ts';
import type { GitPlace } from '../git/put-back.ts';
import { observeBranch, pull, servedBy } from '../levers/git/pull.ts';
import { memoryRemote, reached } from './git-repository.ts';
import { memorySyncer } from './git-syncer.ts';
import type { MemoryWorld } from './world.ts';

export {
  applicationAt,
  imagesIn,
  type MemoryApplication,
  nextPassAt,
  passApplication,
  startApplication,
  syncAtOnce,
} from './git-application.ts';
export {
  commitFiles,
  fileAt,
  headAt,
  type MemoryRepository,
  makeRepository,
  repositoryAt,
  squashHistory,
} from './git-repository.ts';
export { applicationTarget } from './git-syncer.ts';

/** The lever's own rules over repositories with real objects, and over Argo CD by the clock. */
export function memoryGit(world: MemoryWorld): Levers['git'] {
  return ({ environment }): LeverPort<GitLever> => {
    const place = async (lever: GitLever) => placeOf(world, environment, lever);
    const rules = { place, syncer: memorySyncer(world) };
    return {
      observe: (lever, to) => observeBranch(rules, lever, to),
      act: (lever, order) => pull(rules, lever, order),
      served: (lever, to) => servedBy(rules, lever, to),
    };
  };
}

const placeOf = (world: MemoryWorld, environment: string, lever: GitLever): GitPlace => ({
  remote: memoryRemote(world, lever.repository),
  store: newStore(),
  clock: world.clock,
  environment,
  lever,
  openRequest: ({ from, ...request }) =>
    world.trouble.during('git.OpenRequest', () => {
      const { requests } = reached(world, lever.repository);
      requests.set(from, requests.get(from) ?? request);
      return lever.host === 'plain'
        ? undefined
        : `${lever.repository}/pulls/${[...requests.keys()].indexOf(from) + 1}`;
    }),
});
