import { createTwoFilesPatch } from 'diff';
import { OutsideRefusal, sentenceOf } from '../../core/errors.ts';
import type { Branch } from './branch.ts';
import { LIMITS } from './caps.ts';
import { readCommit } from './commits.ts';
import { objectIn, type Store } from './objects.ts';
import { type Entry, entryAt, isFolder, readTree, SUBMODULE } from './trees.ts';

/** What is longer is looked at in the request itself; GitHub takes 65,536 characters with what stands around it. */
const LARGEST_PATCH = 56 * 1024;
const MOST_FILES = 200;
/** Folders that lie in one another a few times over may have more files than there are atoms. */
const MOST_FOLDERS = 20_000;

/** The unified diff of what a return changes below these paths. */
export async function patchOf(branch: Branch, head: string, paths: readonly string[]): Promise<string> {
  const { store, remote } = branch;
  const trees = { from: branch.head.tree, to: readCommit(store, head).tree };
  const looking = { store, found: [], left: MOST_FOLDERS };
  for (const path of paths)
    addChanged(looking, path, { from: entryAt(store, trees.from, path), to: entryAt(store, trees.to, path) });
  const files: readonly ChangedFile[] = looking.found;
  const shown = files.slice(0, MOST_FILES);
  const missing = shown
    .flatMap(({ from, to }) => [from, to])
    .flatMap((entry) =>
      entry && entry.mode !== SUBMODULE && !store.objects.has(entry.oid) ? [entry.oid] : [],
    );
  const unread =
    missing.length > 0 && (await unreadOf(() => remote.fetchBlobs(store, [...new Set(missing)])));
  if (unread) return `${shown.map(headOf).join('')}... ${unread}\n`;
  const text = texts(store, shown);
  return bounded(files.length > shown.length ? `${text}... and more files\n` : text);
}

/** Contents over a limit are no reason to open no request. */
async function unreadOf(fetch: () => Promise<void>): Promise<string | undefined> {
  try {
    await fetch();
    return undefined;
  } catch (error) {
    if (error instanceof OutsideRefusal) return sentenceOf(error);
    throw error;
  }
}

/** No further than is shown: comparing takes time. */
function texts(store: Store, files: readonly ChangedFile[]): string {
  let text = '';
  for (const file of files) if (text.length <= LARGEST_PATCH) text += filePatch(store, file);
  return text;
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

interface Looking {
  readonly store: Store;
  readonly found: ChangedFile[];
  /** Folders that may still be looked into. */
  left: number;
}

function addChanged(looking: Looking, path: string, { from, to }: Pair): void {
  const { store, found } = looking;
  if (found.length > MOST_FILES || (from?.oid === to?.oid && from?.mode === to?.mode)) return;
  if (!isFolder(from) && !isFolder(to)) return void found.push({ path, from, to });
  if ([from, to].some((entry) => entry && !isFolder(entry)))
    found.push({ path, from: fileOf(from), to: fileOf(to) });
  looking.left -= 1;
  if (looking.left < 0 || path.length > LIMITS.pathLength) return;
  const [before, after] = [entriesOf(store, from), entriesOf(store, to)];
  const names = new Set([...before.keys(), ...after.keys()]);
  for (const name of [...names].toSorted((a, b) => (a < b ? -1 : 1))) {
    const below = path === '.' ? shownName(name) : `${path}/${shownName(name)}`;
    addChanged(looking, below, { from: before.get(name), to: after.get(name) });
  }
}

const entriesOf = (store: Store, entry: Entry | undefined) =>
  readTree(store, isFolder(entry) ? entry.oid : undefined);
const fileOf = (entry: Entry | undefined): Entry | undefined => (isFolder(entry) ? undefined : entry);
const shownName = (name: string): string => Buffer.from(name, 'latin1').toString('utf8');

function headOf({ path, from, to }: ChangedFile): string {
  const modes = from && to && from.mode !== to.mode ? `old mode ${from.mode}\nnew mode ${to.mode}\n` : '';
  return `diff --git a/${path} b/${path}\n${modes}`;
}

function filePatch(store: Store, file: ChangedFile): string {
  const { path, from, to } = file;
  const head = headOf(file);
  if (from?.oid === to?.oid) return head;
  const [before, after] = [textIn(store, from), textIn(store, to)];
  if (before === undefined || after === undefined) return `${head}Binary files differ\n`;
  const names = [from ? `a/${path}` : '/dev/null', to ? `b/${path}` : '/dev/null'] as const;
  // Lines that all differ take time by their square.
  const made = createTwoFilesPatch(names[0], names[1], before, after, undefined, undefined, {
    maxEditLength: 5000,
    timeout: 500,
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
