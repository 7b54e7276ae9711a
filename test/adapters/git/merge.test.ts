import { describe, expect, it } from '@jest/globals';
import { mergeTrees } from '../../../lib/adapters/git/merge.ts';
import { makeObject, newStore, objectIn, type Store } from '../../../lib/adapters/git/objects.ts';
import { entryAt, withEntry, writeRoot, writeTree } from '../../../lib/adapters/git/trees.ts';
import { cpuMs } from '../../cpu-time.ts';

const put = (store: Store, root: string, text: string): string =>
  withEntry(store, root, {
    path: 'a.json',
    entry: { mode: '100644', oid: makeObject(store, { kind: 'blob', data: Buffer.from(text) }) },
  });

/** Three versions of one file, merged. */
async function merging(base: string, ours: string, theirs: string) {
  const store = newStore();
  const [root, needBlobs] = [writeRoot(store, new Map()), async () => undefined];
  const sides = {
    base: put(store, root, base),
    ours: put(store, root, ours),
    theirs: put(store, root, theirs),
  };
  const before = cpuMs();
  const merged = await mergeTrees({ store, needBlobs }, sides);
  const file = merged.kind === 'clean' && entryAt(store, merged.tree, 'a.json');
  const text = file && objectIn(store, file.oid, 'blob').toString();
  return { kind: merged.kind, text, ms: cpuMs() - before };
}

/** Folders in folders, each ten times: more files than anybody can look at, in a few objects. */
function bomb(store: Store, text: string): string {
  let entry = { mode: '100644', oid: makeObject(store, { kind: 'blob', data: Buffer.from(text) }) };
  for (let depth = 0; depth < 12; depth += 1) {
    const names = Array.from({ length: 10 }, (_, n) => `f${n}`);
    entry = { mode: '40000', oid: writeTree(store, new Map(names.map((name) => [name, entry]))) ?? '' };
  }
  return entry.oid;
}

describe('a merge of three trees', () => {
  it('joins what differs in different lines, between what all have', async () => {
    const { text } = await merging('a\nb\nc\nd\ne\n', 'a\nB\nc\nd\ne\n', 'a\nb\nc\nD\ne\n');
    expect(text).toBe('a\nB\nc\nD\ne\n');
  });

  it.each([
    ['one that grows at its end', 'a\n', 'a\n', 'a\nb\n', 'a\nb\n'],
    ['one that lost everything', 'a\nb\n', 'a\nb\n', '', ''],
    ['one without a last line break', 'a\nb', 'A\nx\nb', 'A\nx\nb', 'A\nx\nb'],
    ['lines that are all the same', 'x\nx\nx\n', 'x\nx\nx\nx\n', 'x\nx\nx\n', 'x\nx\nx\nx\n'],
  ])('of %s', async (...[, base, ours, theirs, wanted]) => {
    expect((await merging(base, ours, theirs)).text).toBe(wanted);
  });

  it('F41: of the same line many thousand times is quick, or a conflict', async () => {
    const lines = '},\n'.repeat(4000);

    const merged = await merging(lines, `first\n${lines}`, `${lines}last\n`);

    expect(merged.kind).toBe('conflict');
    expect(merged.ms).toBeLessThan(5000);
  });

  it('lines that are the same do no harm where the change lies beside them', async () => {
    const lines = '},\n'.repeat(4000);
    const file = (a: string, b: string) => `${lines}${a}\nmiddle\n${b}\n${lines}`;

    const { text } = await merging(file('a', 'b'), file('A', 'b'), file('a', 'B'));

    expect(text).toBe(file('A', 'B'));
  });

  it('F41: of folders with more files than there are atoms is a conflict', async () => {
    const store = newStore();
    const sides = { base: bomb(store, '1'), ours: bomb(store, '2'), theirs: bomb(store, '3') };

    const merged = await mergeTrees({ store, needBlobs: async () => undefined }, sides);

    expect(merged.kind).toBe('conflict');
  });
});
