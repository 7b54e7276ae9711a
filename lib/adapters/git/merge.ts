import { diff3Merge } from 'node-diff3';
import { LIMITS } from './caps.ts';
import { makeObject, objectIn, type Store } from './objects.ts';
import {
  type Entry,
  FOLDER,
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
  const asEntry = (oid: string): Entry => ({ mode: FOLDER, oid });
  const { base, ours, theirs } = roots;
  if (base === ours) return { kind: 'clean', tree: theirs };
  if (base === theirs || ours === theirs) return { kind: 'clean', tree: ours };
  const sides = { base: asEntry(base), ours: asEntry(ours), theirs: asEntry(theirs) };
  const tree = await mergeFolders({ ...deps, conflicts, left: { steps: MOST_STEPS } }, '', sides);
  if (conflicts.length > 0) return { kind: 'conflict', paths: conflicts };
  return { kind: 'clean', tree: writeRoot(deps.store, tree) };
}

interface Merging extends MergeDeps {
  readonly conflicts: string[];
  /** What may still be looked at; whatever is beyond it is a conflict. */
  readonly left: { steps: number };
}

/** A few seconds. Folders that lie in one another a few times over may have more files than there are atoms. */
const MOST_STEPS = 1e9;
const STEPS_PER_ENTRY = 10_000;

type Entries = Sides<Entry | undefined>;

async function mergeFolders(merging: Merging, path: string, sides: Entries): Promise<Tree> {
  const { store } = merging;
  const read = (entry: Entry | undefined): Tree => readTree(store, isFolder(entry) ? entry.oid : undefined);
  const [base, ours, theirs] = [read(sides.base), read(sides.ours), read(sides.theirs)];
  const merged = new Map(ours);
  const names = new Set([...base.keys(), ...ours.keys(), ...theirs.keys()]);
  merging.left.steps -= names.size * STEPS_PER_ENTRY;
  for (const name of names) {
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
  const isTooMuch = merging.left.steps < 0 || path.length > LIMITS.pathLength;
  if (!isTooMuch && kinds.some(isFolder) && kinds.every((entry) => !entry || isFolder(entry))) {
    const oid = writeTree(merging.store, await mergeFolders(merging, `${path}/`, sides));
    return oid === undefined ? undefined : { mode: FOLDER, oid };
  }
  const entry = isTooMuch ? undefined : await mergeFiles(merging, sides);
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
const LINKS = new Set([SYMLINK, SUBMODULE, FOLDER]);

async function mergedContent(
  { store, needBlobs, left }: Merging,
  oids: Sides<string>,
): Promise<string | undefined> {
  const { base, ours, theirs } = oids;
  if (base === theirs || ours === theirs) return ours;
  if (base === ours) return theirs;
  await needBlobs([base, ours, theirs]);
  const linesOf = (oid: string): string[] =>
    objectIn(store, oid, 'blob')
      .toString('latin1')
      .split(/(?<=\n)/);
  const lines = { base: linesOf(base), ours: linesOf(ours), theirs: linesOf(theirs) };
  if (Object.values(lines).some((side) => side.some((line) => line.includes('\0')))) return undefined;
  const [before, sides, after] = withoutSame(lines);
  left.steps -= stepsOf(sides.base, sides.ours) + stepsOf(sides.base, sides.theirs);
  if (left.steps < 0) return undefined;
  const regions = diff3Merge([...sides.ours], [...sides.base], [...sides.theirs], {
    excludeFalseConflicts: true,
  });
  if (regions.some(({ conflict }) => conflict)) return undefined;
  const text = [...before, ...regions.flatMap(({ ok = [] }) => ok), ...after].join('');
  return makeObject(store, { kind: 'blob', data: Buffer.from(text, 'latin1') });
}

type Lines = readonly string[];

/** The lines at the beginning and at the end that all three have need not be compared. */
function withoutSame({
  base,
  ours,
  theirs,
}: Sides<Lines>): [before: Lines, between: Sides<Lines>, after: Lines] {
  const shortest = Math.min(base.length, ours.length, theirs.length);
  const isSame = (n: number) => base.at(n) === ours.at(n) && base.at(n) === theirs.at(n);
  let first = 0;
  while (first < shortest && isSame(first)) first += 1;
  let last = 0;
  while (last < shortest - first && isSame(-1 - last)) last += 1;
  const between = (lines: Lines): Lines => lines.slice(first, lines.length - last);
  const sides = { base: between(base), ours: between(ours), theirs: between(theirs) };
  return [base.slice(0, first), sides, base.slice(base.length - last)];
}

/** What node-diff3 does for two texts: for each pair of equal lines it goes along the shorter one. */
function stepsOf(one: Lines, other: Lines): number {
  const counts = new Map<string, number>();
  for (const line of one) counts.set(line, (counts.get(line) ?? 0) + 1);
  const pairs = other.reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
  return pairs * Math.min(one.length, other.length);
}

const same = (one: Entry | undefined, other: Entry | undefined): boolean =>
  one?.oid === other?.oid && one?.mode === other?.mode;
