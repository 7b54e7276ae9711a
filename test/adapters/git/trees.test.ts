import { describe, expect, it } from '@jest/globals';
import { contentOf, refuseLinks } from '../../../lib/adapters/git/content.ts';
import { makeObject, newStore, type Store } from '../../../lib/adapters/git/objects.ts';
import { entryAt } from '../../../lib/adapters/git/trees.ts';

/** A tree with one entry, written as it stands here. */
const treeWith = (store: Store, head: string, oid: string): string =>
  makeObject(store, {
    kind: 'tree',
    data: Buffer.concat([Buffer.from(`${head}\0`), Buffer.from(oid, 'hex')]),
  });

describe('the mode of an entry of a tree', () => {
  it('is a number: a folder with a zero in front, as old tools wrote it, is one', () => {
    const store = newStore();
    const folder = treeWith(store, '100644 a.yaml', 'a'.repeat(40));
    const root = treeWith(store, '040000 churn', folder);

    expect(entryAt(store, root, 'churn/a.yaml')).toEqual({ mode: '100644', oid: 'a'.repeat(40) });
  });

  it('F41: a link with a zero in front is refused as one', () => {
    const store = newStore();
    const tree = treeWith(store, '0120000 churn', 'a'.repeat(40));
    const content = contentOf(store, { oid: '', tree, parents: [], author: '', subject: '', message: '' }, [
      'churn',
    ]);

    expect(() => refuseLinks(content, 'x')).toThrow(/it is a symbolic link there; links are not followed$/);
  });
});
