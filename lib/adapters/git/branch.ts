import { OutsideRefusal } from '../../core/errors.ts';
import { LIMITS } from './caps.ts';
import { type Commit, readCommit } from './commits.ts';
import type { Store } from './objects.ts';
import type { Remote } from './remote.ts';

/** A branch as it was when its head was asked for. */
export interface Branch {
  readonly remote: Remote;
  readonly store: Store;
  readonly head: Commit;
}

/** Enough for a release that was a few commits ago; each further fetch takes eight times as many. */
const FIRST_DEPTH = 32;
const DEEPER = 8;

/** @throws OutsideRefusal where there is no such branch */
export async function openBranch(remote: Remote, store: Store, branch: string): Promise<Branch> {
  const head = await remote.headOf(branch);
  if (head === undefined)
    throw new OutsideRefusal(`Cannot read ${remote.name}: it has no branch "${branch}"`);
  if (!store.objects.has(head)) await remote.fetch(store, { head, depth: FIRST_DEPTH });
  return { remote, store, head: readCommit(store, head) };
}

/**
 * The head and what came before it on this branch, newest first: of a merge only its first parent. More is fetched
 * where it is needed; it ends at the first commit, or where the limit is.
 */
export async function* firstParents(branch: Branch): AsyncGenerator<Commit> {
  const { store, head } = branch;
  let depth = FIRST_DEPTH;
  for (let commit = head, n = 1; ; n += 1) {
    yield commit;
    const [parent] = commit.parents;
    if (parent === undefined || n >= LIMITS.commits) return;
    while (!store.objects.has(parent) && depth < LIMITS.commits) {
      depth = Math.min(Math.max(depth, n) * DEEPER, LIMITS.commits);
      await branch.remote.fetch(store, { head: head.oid, depth });
    }
    if (!store.objects.has(parent)) return;
    commit = readCommit(store, parent);
  }
}
