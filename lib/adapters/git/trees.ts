import { OutsideTrouble } from '../../core/errors.ts';
import { makeObject, objectIn, type Store } from './objects.ts';

/** What stands at a name: `mode` as Git writes it, `40000` for a folder. */
export interface Entry {
  readonly mode: string;
  readonly oid: string;
}

export type Tree = ReadonlyMap<string, Entry>;

export const FOLDER = '40000';
export const SYMLINK = '120000';
export const SUBMODULE = '160000';

const EMPTY: Tree = new Map();

/** @param oid nothing: no folder stands there. @throws OutsideTrouble */
export function readTree(store: Store, oid: string | undefined): Tree {
  if (oid === undefined) return EMPTY;
  const data = objectIn(store, oid, 'tree');
  const tree = new Map<string, Entry>();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const zero = data.indexOf(0, space);
    if (space < 0 || zero < 0 || zero + 21 > data.length)
      throw new OutsideTrouble(`Cannot read tree ${oid}: it is cut off`);
    const name = data.toString('latin1', space + 1, zero);
    tree.set(name, {
      // Old tools wrote `040000`, which is the same number.
      mode: data.toString('latin1', at, space).replace(/^0+(?=.)/, ''),
      oid: data.toString('hex', zero + 1, zero + 21),
    });
    at = zero + 21;
  }
  return tree;
}

/** @returns its name, or nothing where the folder is empty: Git keeps none */
export function writeTree(store: Store, tree: Tree): string | undefined {
  if (tree.size === 0) return undefined;
  return makeObject(store, { kind: 'tree', data: treeData(tree) });
}

/** As the root of a commit: there an empty one may stand. */
export const writeRoot = (store: Store, tree: Tree): string =>
  makeObject(store, { kind: 'tree', data: treeData(tree) });

/** In Git's order, where a folder's name counts with a slash behind it. */
function treeData(tree: Tree): Buffer {
  const sorted = [...tree].map(([name, entry]) => ({ name, entry, key: sortKey(name, entry) }));
  sorted.sort((a, b) => (a.key < b.key ? -1 : 1));
  return Buffer.concat(
    sorted.flatMap(({ name, entry: { mode, oid } }) => [
      Buffer.from(`${mode} ${name}\0`, 'latin1'),
      Buffer.from(oid, 'hex'),
    ]),
  );
}

const sortKey = (name: string, { mode }: Entry): string => (mode === FOLDER ? `${name}/` : name);

export const isFolder = (entry: Entry | undefined): entry is Entry => entry?.mode === FOLDER;

/** Names inside of trees are bytes; they are kept as such. */
const bytesOf = (path: string): string[] =>
  path.split('/').map((name) => Buffer.from(name, 'utf8').toString('latin1'));

/** What a tree has at a path; `.` is the tree itself. */
export function entryAt(store: Store, root: string, path: string): Entry | undefined {
  if (path === '.') return { mode: FOLDER, oid: root };
  let entry: Entry | undefined = { mode: FOLDER, oid: root };
  for (const name of bytesOf(path)) {
    entry = isFolder(entry) ? readTree(store, entry.oid).get(name) : undefined;
  }
  return entry;
}

/** The tree with this at a path, or without anything there; folders that become empty go. @returns the new root */
export function withEntry(store: Store, root: string, change: Change): string {
  const { path, entry } = change;
  if (path === '.') return entry?.oid ?? writeRoot(store, EMPTY);
  return writeRoot(store, placed(store, readTree(store, root), { names: bytesOf(path), entry }));
}

export interface Change {
  readonly path: string;
  readonly entry: Entry | undefined;
}

interface Placing {
  readonly names: readonly string[];
  readonly entry: Entry | undefined;
}

function placed(store: Store, tree: Tree, { names, entry }: Placing): Tree {
  const [name = '', ...rest] = names;
  const below = tree.get(name);
  const wanted = rest.length === 0 ? entry : inside(store, below, { names: rest, entry });
  const changed = new Map(tree);
  if (wanted) changed.set(name, wanted);
  else changed.delete(name);
  return changed;
}

function inside(store: Store, below: Entry | undefined, placing: Placing): Entry | undefined {
  if (!placing.entry && !isFolder(below)) return below;
  const tree = placed(store, readTree(store, isFolder(below) ? below.oid : undefined), placing);
  const oid = writeTree(store, tree);
  return oid === undefined ? undefined : { mode: FOLDER, oid };
}
