import { createTwoFilesPatch } from 'diff';
import type { Branch } from './branch.ts';
import { readCommit } from './commits.ts';
import { objectIn, type Store } from './objects.ts';
import { type Entry, entryAt, isFolder, readTree, SUBMODULE } from './trees.ts';

/** A request's text is read by people: what is longer is looked at in the request itself. */
const LARGEST_PATCH = 60 * 1024;
const MOST_FILES = 200;

/** The unified diff of what a return changes below these paths. */
export async function patchOf(branch: Branch, head: string, paths: readonly string[]): Promise<string> {
  const { store, remote } = branch;
  const trees = { from: branch.head.tree, to: readCommit(store, head).tree };
  const files = paths.flatMap((path) =>
    changedFiles(store, path, { from: entryAt(store, trees.from, path), to: entryAt(store, trees.to, path) }),
  );
  const shown = files.slice(0, MOST_FILES);
  const missing = shown
    .flatMap(({ from, to }) => [from, to])
    .flatMap((entry) =>
      entry && entry.mode !== SUBMODULE && !store.objects.has(entry.oid) ? [entry.oid] : [],
    );
  if (missing.length > 0) await remote.fetchBlobs(store, [...new Set(missing)]);
  const text = shown.map((file) => filePatch(store, file)).join('');
  const more = files.length - shown.length;
  return bounded(more > 0 ? `${text}... and ${more} more files\n` : text);
}

const bounded = (text: string): string =>
  Buffer.byteLength(text) <= LARGEST_PATCH
    ? text
    : `${Buffer.from(text).subarray(0, LARGEST_PATCH).toString('utf8')}\n... cut off\n`;

interface Pair {
  readonly from: Entry | undefined;
  readonly to: Entry | undefined;
}

interface ChangedFile extends Pair {
  readonly path: string;
}

function changedFiles(store: Store, path: string, { from, to }: Pair): ChangedFile[] {
  if (from?.oid === to?.oid && from?.mode === to?.mode) return [];
  if (!isFolder(from) && !isFolder(to)) return [{ path, from, to }];
  const [before, after] = [entriesOf(store, from), entriesOf(store, to)];
  const names = new Set([...before.keys(), ...after.keys()]);
  const sorted = [...names].toSorted((a, b) => (a < b ? -1 : 1));
  const beside = [from, to].some((entry) => entry && !isFolder(entry));
  return [
    ...(beside ? [{ path, from: fileOf(from), to: fileOf(to) }] : []),
    ...sorted.flatMap((name) => {
      const below = path === '.' ? shownName(name) : `${path}/${shownName(name)}`;
      return changedFiles(store, below, { from: before.get(name), to: after.get(name) });
    }),
  ];
}

const entriesOf = (store: Store, entry: Entry | undefined) =>
  readTree(store, isFolder(entry) ? entry.oid : undefined);
const fileOf = (entry: Entry | undefined): Entry | undefined => (isFolder(entry) ? undefined : entry);
const shownName = (name: string): string => Buffer.from(name, 'latin1').toString('utf8');

function filePatch(store: Store, { path, from, to }: ChangedFile): string {
  const modes = from && to && from.mode !== to.mode ? `old mode ${from.mode}\nnew mode ${to.mode}\n` : '';
  const head = `diff --git a/${path} b/${path}\n${modes}`;
  if (from?.oid === to?.oid) return head;
  const [before, after] = [textIn(store, from), textIn(store, to)];
  if (before === undefined || after === undefined) return `${head}Binary files differ\n`;
  const names = [from ? `a/${path}` : '/dev/null', to ? `b/${path}` : '/dev/null'] as const;
  // Lines that all differ take time by their square.
  const made = createTwoFilesPatch(names[0], names[1], before, after, undefined, undefined, {
    maxEditLength: 5000,
  });
  return made === undefined
    ? `${head}... too much differs to be shown\n`
    : `${head}${made.replace(/^=+\n/, '')}`;
}

/** @returns nothing for what is no text */
function textIn(store: Store, entry: Entry | undefined): string | undefined {
  if (!entry) return '';
  if (entry.mode === SUBMODULE) return `Subproject commit ${entry.oid}\n`;
  const data = objectIn(store, entry.oid, 'blob');
  return data.includes(0) ? undefined : data.toString('utf8');
}
