import { type Commit, readCommit } from '../../lib/adapters/git/commits.ts';
import { objectIn } from '../../lib/adapters/git/objects.ts';
import { FOLDER, readTree } from '../../lib/adapters/git/trees.ts';
import {
  commitFiles,
  type MemoryRepository,
  makeRepository,
  memoryGit,
} from '../../lib/adapters/memory/git.ts';
import { memoryWorld } from '../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import type { GitLever } from '../../lib/core/service.ts';
import { aBranch } from '../service-builders.ts';
import { anArmedService } from './armed.ts';
import type { GitScene } from './git-scene.ts';

const lost = new OutsideTrouble('Cannot reach the other side: the answer was lost');

/** A lever that owns `churn`, without an Application. */
export function aChurnBranch(over: Partial<GitLever> = {}): GitLever {
  const { application: _, ...branch } = aBranch({ paths: ['churn'] });
  return { ...branch, ...over };
}

/** A repository of the twin, empty. */
export async function aBranchInMemory(): Promise<GitScene> {
  const world = memoryWorld();
  const lever = aChurnBranch();
  const repository = makeRepository(world, lever.repository);
  const declined = new Map<string, string>();
  repository.declines = (branch) => declined.get(branch);
  const head = async (branch = 'main') => repository.branches.get(branch);
  return {
    port: memoryGit(world)(anArmedService([lever])),
    lever,
    commit: async (files, change) => commitFiles(world, lever.repository, { files, ...change }),
    head,
    files: async (branch = 'main') => filesAt(repository, (await head(branch)) ?? ''),
    log: async () => historyOf(repository, (await head()) ?? '').map(({ subject }) => subject),
    message: async (commit) => readCommit(repository.store, commit).message,
    decline: async (branch, why) => void declined.set(branch, why),
    beforePush: (what) => world.trouble.interleave('git.Push', async () => void (await what())),
    losePush: () => world.trouble.failNext('git.Push', lost, { when: 'lost' }),
    host: async (state) => {
      repository.state = state;
    },
    requests: async () => [...repository.requests].map(([from, request]) => ({ from, ...request })),
  };
}

function historyOf(repository: MemoryRepository, head: string): Commit[] {
  const commit = readCommit(repository.store, head);
  const [parent] = commit.parents;
  return [commit, ...(parent ? historyOf(repository, parent) : [])];
}

function filesAt({ store }: MemoryRepository, commit: string): Record<string, string> {
  const below = (oid: string, path: string): [string, string][] =>
    [...readTree(store, oid)].flatMap(([name, entry]) =>
      entry.mode === FOLDER
        ? below(entry.oid, `${path}${name}/`)
        : [[`${path}${name}`, objectIn(store, entry.oid, 'blob').toString()]],
    );
  return Object.fromEntries(below(readCommit(store, commit).tree, ''));
}
