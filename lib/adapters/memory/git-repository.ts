import { OutsideTrouble } from '../../core/errors.ts';
import { readCommit } from '../git/commits.ts';
import { addObject, makeObject, newStore, objectIn, type Store } from '../git/objects.ts';
import type { FetchOrder, Push, PushEnd, Remote } from '../git/remote.ts';
import { type Entry, entryAt, withEntry, writeRoot } from '../git/trees.ts';
import type { MemoryWorld } from './world.ts';

/** A repository at its host: real objects, so that every rule of the lever runs over it as over Git. */
export interface MemoryRepository {
  readonly url: string;
  readonly store: Store;
  /** Heads by name. */
  readonly branches: Map<string, string>;
  /** Requests that were opened, by the branch they come from. */
  readonly requests: Map<string, MemoryRequest>;
  /** Whether its host answers. */
  state: 'up' | 'down';
  /** Why a push to this branch is declined: a hook, or a protected branch. @default - all are taken */
  declines: ((branch: string) => string | undefined) | undefined;
}

export interface MemoryRequest {
  readonly into: string;
  readonly title: string;
  readonly body: string;
}

/** Text by path; `null` takes the path away. */
export type MemoryFiles = Readonly<Record<string, string | null>>;

export interface MemoryChange {
  readonly files: MemoryFiles;
  /** @default main */
  readonly branch?: string;
  /** @default Change */
  readonly message?: string;
  /** @default dev */
  readonly author?: string;
  /** Made on a side branch, and merged. @default false */
  readonly merged?: boolean;
}

/** @param url as levers name it */
export function makeRepository(world: MemoryWorld, url: string): MemoryRepository {
  const store = newStore();
  const made: MemoryRepository = {
    url,
    store,
    branches: new Map(),
    requests: new Map(),
    state: 'up',
    declines: undefined,
  };
  world.repositories.set(url, made);
  return made;
}

/** A push of somebody else. @returns the new commit */
export function commitFiles(
  world: MemoryWorld,
  url: string,
  { files, branch = 'main', message = 'Change', author = 'dev', merged = false }: MemoryChange,
): string {
  const { store, branches } = repositoryAt(world, url);
  const parent = branches.get(branch);
  const before = parent === undefined ? writeRoot(store, new Map()) : readCommit(store, parent).tree;
  const tree = Object.entries(files).reduce((root, [path, text]) => {
    return withEntry(store, root, { path, entry: text === null ? undefined : fileOf(store, text) });
  }, before);
  const who = `${author} <${author}@example.com> ${Math.floor(world.clock.now() / 1000)} +0000`;
  const commit = (parents: readonly string[], words: string) =>
    commitOf(store, { tree, parents, who, message: words });
  const own = commit(parent === undefined ? [] : [parent], message);
  const oid = merged && parent !== undefined ? commit([parent, own], `Merge branch "${message}"`) : own;
  branches.set(branch, oid);
  return oid;
}

interface Written {
  readonly tree: string;
  readonly parents: readonly string[];
  /** Name, address and time. */
  readonly who: string;
  readonly message: string;
}

function commitOf(store: Store, { tree, parents, who, message }: Written): string {
  const links = parents.map((parent) => `parent ${parent}`);
  const head = [`tree ${tree}`, ...links, `author ${who}`, `committer ${who}`];
  return makeObject(store, { kind: 'commit', data: Buffer.from(`${head.join('\n')}\n\n${message}\n`) });
}

/** A person begins the branch anew, with what it holds: its past is gone. @returns the new commit */
export function squashHistory(world: MemoryWorld, url: string, branch: string): string | undefined {
  const { store, branches } = repositoryAt(world, url);
  const head = branches.get(branch);
  if (head === undefined) return undefined;
  const who = `dev <dev@example.com> ${Math.floor(world.clock.now() / 1000)} +0000`;
  const oid = commitOf(store, {
    tree: readCommit(store, head).tree,
    parents: [],
    who,
    message: 'Begin anew',
  });
  branches.set(branch, oid);
  return oid;
}

const fileOf = (store: Store, text: string): Entry => ({
  mode: '100644',
  oid: makeObject(store, { kind: 'blob', data: Buffer.from(text) }),
});

/** The text of a file at a commit; nothing where there is none. */
export function fileAt({ store }: MemoryRepository, commit: string, path: string): string | undefined {
  const entry = entryAt(store, readCommit(store, commit).tree, path);
  return entry && objectIn(store, entry.oid, 'blob').toString('utf8');
}

export const headAt = (repository: MemoryRepository, branch: string): string | undefined =>
  repository.branches.get(branch);

/** @throws OutsideTrouble, as a host that nobody answers at */
export function repositoryAt(world: MemoryWorld, url: string): MemoryRepository {
  const known = world.repositories.get(url);
  if (!known) throw new OutsideTrouble(`Cannot reach ${url}: there is no such host`);
  return known;
}

/** @throws OutsideTrouble where its host does not answer */
export function reached(world: MemoryWorld, url: string): MemoryRepository {
  const repository = repositoryAt(world, url);
  if (repository.state === 'down') throw new OutsideTrouble(`Cannot reach ${url}: connect ECONNREFUSED`);
  return repository;
}

export function memoryRemote(world: MemoryWorld, url: string): Remote {
  const { during } = world.trouble;
  return {
    name: url,
    headOf: (branch) => during('git.ListRefs', () => reached(world, url).branches.get(branch)),
    fetch: (store, order) => during('git.Fetch', () => send(reached(world, url).store, store, order)),
    fetchCommit: (store, oid) =>
      during('git.Fetch', () => {
        const from = reached(world, url).store;
        if (from.objects.get(oid)?.kind !== 'commit') return false;
        send(from, store, { head: oid, depth: 1 });
        return true;
      }),
    fetchBlobs: (store, oids) =>
      during('git.Fetch', () => {
        for (const oid of oids)
          addObject(store, { kind: 'blob', data: objectIn(reached(world, url).store, oid, 'blob') });
      }),
    push: (push) => during('git.Push', () => take(reached(world, url), push)),
  };
}

/** Commits and trees of so many commits back; no contents, as from a host that leaves them out. */
function send(from: Store, to: Store, { head, depth }: FetchOrder): void {
  let level = [head];
  for (let n = 0; n < depth && level.length > 0; n += 1) {
    const commits = level.map((oid) => readCommit(from, oid));
    for (const { oid, tree } of commits) {
      addObject(to, { kind: 'commit', data: objectIn(from, oid, 'commit') });
      sendTree(from, to, tree);
    }
    level = [...new Set(commits.flatMap(({ parents }) => parents))];
  }
  to.heads.add(head);
}

function sendTree(from: Store, to: Store, tree: string): void {
  if (to.objects.has(tree)) return;
  const data = objectIn(from, tree, 'tree');
  addObject(to, { kind: 'tree', data });
  for (let at = 0; at < data.length; ) {
    const zero = data.indexOf(0, at);
    const oid = data.toString('hex', zero + 1, zero + 21);
    if (from.objects.get(oid)?.kind === 'tree') sendTree(from, to, oid);
    at = zero + 21;
  }
}

function take(repository: MemoryRepository, { branch, from, to, objects }: Push): PushEnd {
  if (repository.branches.get(branch) !== from) return { kind: 'moved' };
  const why = repository.declines?.(branch);
  if (why !== undefined) return { kind: 'declined', why };
  for (const object of objects) addObject(repository.store, object);
  repository.branches.set(branch, to);
  return { kind: 'pushed' };
}
