import { diff3Merge } from 'node-diff3';
import { makeObject, objectIn, type Store } from './objects.ts';
import {
  type Entry,
  isFolder,
  readTree,
  SUBMODULE,
  SYMLINK,
  type Tree,
  writeRoot,
  writeTree,
} from './trees.ts';

/** What three trees or files are called in a merge. `base`: what both sides come from. */
export interface Sides<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

/** The merged tree, or the paths where both sides changed the same lines. */
export type Merged =
  | { readonly kind: 'clean'; readonly tree: string }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

/** What is needed of the outside: contents that the server left out. */
export interface MergeDeps {
  readonly store: Store;
  readonly needBlobs: (oids: readonly string[]) => Promise<void>;
}

/**
 * As `git revert` and `git cherry-pick` merge, but for renames: a file that was renamed since is a conflict.
 * Only folders that differ on both sides are looked into, so that the cost grows with the change.
 */
export async function mergeTrees(deps: MergeDeps, roots: Sides<string>): Promise<Merged> {
  const conflicts: string[] = [];
  const asEntry = (oid: string): Entry => ({ mode: '40000', oid });
  const { base, ours, theirs } = roots;
  if (base === ours) return { kind: 'clean', tree: theirs };
  if (base === theirs || ours === theirs) return { kind: 'clean', tree: ours };
  const sides = { base: asEntry(base), ours: asEntry(ours), theirs: asEntry(theirs) };
  const tree = await mergeFolders({ ...deps, conflicts }, '', sides);
  if (conflicts.length > 0) return { kind: 'conflict', paths: conflicts };
  return { kind: 'clean', tree: writeRoot(deps.store, tree) };
}

interface Merging extends MergeDeps {
  readonly conflicts: string[];
}

type Entries = Sides<Entry | undefined>;

async function mergeFolders(merging: Merging, path: string, sides: Entries): Promise<Tree> {
  const { store } = merging;
  const read = (entry: Entry | undefined): Tree => readTree(store, isFolder(entry) ? entry.oid : undefined);
  const [base, ours, theirs] = [read(sides.base), read(sides.ours), read(sides.theirs)];
  const merged = new Map(ours);
  for (const name of new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])) {
    const its = { base: base.get(name), ours: ours.get(name), theirs: theirs.get(name) };
    const entry = await mergeEntry(merging, `${path}${name}`, its);
    if (entry) merged.set(name, entry);
    else merged.delete(name);
  }
  return merged;
}

async function mergeEntry(merging: Merging, path: string, sides: Entries): Promise<Entry | undefined> {
  const { base, ours, theirs } = sides;
  if (same(base, theirs) || same(ours, theirs)) return ours;
  if (same(base, ours)) return theirs;
  const kinds = [base, ours, theirs];
  if (kinds.some(isFolder) && kinds.every((entry) => !entry || isFolder(entry))) {
    const oid = writeTree(merging.store, await mergeFolders(merging, `${path}/`, sides));
    return oid === undefined ? undefined : { mode: '40000', oid };
  }
  const entry = await mergeFiles(merging, sides);
  if (!entry) merging.conflicts.push(Buffer.from(path, 'latin1').toString('utf8'));
  return entry ?? ours;
}

/** @returns nothing where it is a conflict */
async function mergeFiles(merging: Merging, { base, ours, theirs }: Entries): Promise<Entry | undefined> {
  if (!base || !ours || !theirs || [base, ours, theirs].some(({ mode }) => LINKS.has(mode))) return undefined;
  const mode = base.mode === ours.mode ? theirs.mode : ours.mode;
  if (base.mode !== ours.mode && base.mode !== theirs.mode && ours.mode !== theirs.mode) return undefined;
  const oid = await mergedContent(merging, { base: base.oid, ours: ours.oid, theirs: theirs.oid });
  return oid === undefined ? undefined : { mode, oid };
}

/** A folder where another side has a file is one as well. */
const LINKS = new Set([SYMLINK, SUBMODULE, '40000']);

async function mergedContent(
  { store, needBlobs }: Merging,
  oids: Sides<string>,
): Promise<string | undefined> {
  const { base, ours, theirs } = oids;
  if (base === theirs || ours === theirs) return ours;
  if (base === ours) return theirs;
  await needBlobs([base, ours, theirs]);
  const lines = (oid: string): string[] =>
    objectIn(store, oid, 'blob')
      .toString('latin1')
      .split(/(?<=\n)/);
  const sides = [lines(ours), lines(base), lines(theirs)] as const;
  if (sides.some((side) => side.length > LONGEST_LINES || side.some((line) => line.includes('\0'))))
    return undefined;
  const regions = diff3Merge(...sides, { excludeFalseConflicts: true });
  if (regions.some(({ conflict }) => conflict)) return undefined;
  const text = regions.flatMap(({ ok = [] }) => ok).join('');
  return makeObject(store, { kind: 'blob', data: Buffer.from(text, 'latin1') });
}

/** Comparing takes time by the square of what differs; nobody deploys such a file by hand. */
const LONGEST_LINES = 20_000;

const same = (one: Entry | undefined, other: Entry | undefined): boolean =>
  one?.oid === other?.oid && one?.mode === other?.mode;
