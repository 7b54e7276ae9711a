import { describe, expect, it } from '@jest/globals';
import type { Branch } from '../../../lib/adapters/git/branch.ts';
import { readCommit, writeCommit } from '../../../lib/adapters/git/commits.ts';
import { makeObject, newStore, type Store } from '../../../lib/adapters/git/objects.ts';
import { patchOf } from '../../../lib/adapters/git/patch.ts';
import type { Remote } from '../../../lib/adapters/git/remote.ts';
import { type Entry, writeRoot, writeTree } from '../../../lib/adapters/git/trees.ts';
import { OutsideRefusal } from '../../../lib/core/errors.ts';

const file = (store: Store, text: string): Entry => ({
  mode: '100644',
  oid: makeObject(store, { kind: 'blob', data: Buffer.from(text) }),
});

/** The patch from nothing below `churn` to this. */
async function patching(make: (store: Store) => Entry, remote: Partial<Remote> = {}) {
  const store = newStore();
  const commit = (tree: string) => writeCommit(store, { tree, parent: '', message: 'm', email: 'e', at: 0 });
  const head = readCommit(store, commit(writeRoot(store, new Map())));
  const branch = { store, head, remote } as unknown as Branch;
  const text = await patchOf(branch, commit(writeRoot(store, new Map([['churn', make(store)]]))), ['churn']);
  return { text };
}

/** Folders in folders, each ten times. */
function bomb(store: Store, below: Entry | undefined): Entry {
  let entry: Entry = below ?? { mode: '40000', oid: writeRoot(store, new Map()) };
  for (let depth = 0; depth < 12; depth += 1) {
    const names = Array.from({ length: 10 }, (_, n) => `f${n}`);
    entry = { mode: '40000', oid: writeTree(store, new Map(names.map((name) => [name, entry]))) ?? '' };
  }
  return entry;
}

describe('the patch of a return', () => {
  it('F41: of folders with more files than there are atoms is cut off', async () => {
    const { text } = await patching((store) => bomb(store, file(store, 'x\n')));

    expect(text.match(/^diff --git /gm)).toHaveLength(200);
    expect(text).toMatch(/\.\.\. and more files\n$/);
  });

  it('F41: of folders without any file ends, too', async () => {
    expect((await patching((store) => bomb(store, undefined))).text).toBe('');
  });

  it('is not compared further than it is shown', async () => {
    // Few lines, so that no machine is too slow to compare them.
    const many = (n: number) =>
      Array.from({ length: 600 }, (_, line) => `${n} ${line} ${'x'.repeat(60)}\n`).join('');
    const { text } = await patching((store) => ({
      mode: '40000',
      oid: writeTree(store, new Map([1, 2, 3].map((n) => [`f${n}`, file(store, many(n))]))) ?? '',
    }));

    expect(text.match(/^diff --git /gm)).toHaveLength(2);
    expect(text).toMatch(/\.\.\. cut off\n$/);
  });

  it('of a content over the limits names the file, and why it is not shown', async () => {
    const over = new OutsideRefusal('Cannot read the repository: it has an object of 17825792 bytes');
    const fetchBlobs = () => Promise.reject(over);
    const { text } = await patching(() => ({ mode: '100644', oid: 'a'.repeat(40) }), { fetchBlobs });

    expect(text).toBe(`diff --git a/churn b/churn\n... ${over.message}\n`);
  });
});
