import { OutsideRefusal } from '../../core/errors.ts';
import type { GitLever } from '../../core/service.ts';
import { LIMITS } from './caps.ts';
import { type Commit, readCommit } from './commits.ts';
import { OID, objectIn, type Store } from './objects.ts';
import type { Remote } from './remote.ts';
import { entryAt, isFolder } from './trees.ts';

/** A branch as it was when its head was asked for. */
export interface Branch {
  readonly remote: Remote;
  readonly store: Store;
  readonly head: Commit;
  /** How many commits it is read back at most. */
  readonly limit: number;
}

/** Enough for a release that was a few commits ago; each further fetch takes eight times as many. */
const FIRST_DEPTH = 32;
const DEEPER = 8;

/** Where a branch is read, and which paths of it. */
export interface Place {
  readonly remote: Remote;
  readonly store: Store;
  readonly lever: Pick<GitLever, 'branch' | 'paths'>;
}

/** @throws OutsideRefusal where there is no such branch */
export async function openBranch({ remote, store, lever: { branch, paths } }: Place): Promise<Branch> {
  const head = await remote.headOf(branch);
  if (head === undefined)
    throw new OutsideRefusal(`Cannot read ${remote.name}: it has no branch "${branch}"`);
  if (!store.objects.has(head)) await remote.fetch(store, { head, depth: FIRST_DEPTH });
  const commit = readCommit(store, head);
  return { remote, store, head: commit, limit: limitFor(store, commit, paths) };
}

/** Each commit brings the folders above what it changed: told by the head alone, so that every reader stops alike. */
function limitFor(store: Store, { tree }: Commit, paths: readonly string[]): number {
  const above = paths.flatMap((path) =>
    path.split('/').map((_, n, names) => names.slice(0, n).join('/') || '.'),
  );
  const bytes = [...new Set(above)].map((folder) => {
    const entry = entryAt(store, tree, folder);
    return isFolder(entry) ? objectIn(store, entry.oid, 'tree').length : 0;
  });
  const each = 1000 + bytes.reduce((sum, size) => sum + size, 0);
  return Math.min(LIMITS.commits, Math.floor(LIMITS.historyBytes / each));
}

/** A commit by its name, wherever the repository has it; nothing where it has none. */
export async function commitOf(
  { remote, store }: Pick<Place, 'remote' | 'store'>,
  oid: string,
): Promise<Commit | undefined> {
  if (!OID.test(oid)) return undefined;
  if (!store.objects.has(oid) && !(await remote.fetchCommit(store, oid))) return undefined;
  return store.objects.get(oid)?.kind === 'commit' ? readCommit(store, oid) : undefined;
}

/**
 * The head and what came before it on this branch, newest first: of a merge only its first parent. More is fetched
 * where it is needed; it ends at the first commit, or where the limit is.
 */
export async function* firstParents(branch: Branch): AsyncGenerator<Commit> {
  const { store, head, limit } = branch;
  let depth = FIRST_DEPTH;
  for (let commit = head, n = 1; ; n += 1) {
    yield commit;
    const [parent] = commit.parents;
    if (parent === undefined || n >= limit) return;
    while (!store.objects.has(parent) && depth < limit) {
      depth = Math.min(Math.max(depth, n) * DEEPER, limit);
      await branch.remote.fetch(store, { head: head.oid, depth });
    }
    if (!store.objects.has(parent)) return;
    commit = readCommit(store, parent);
  }
}
