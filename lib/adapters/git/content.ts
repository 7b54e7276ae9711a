import { createHash } from 'node:crypto';
import { OutsideRefusal } from '../../core/errors.ts';
import type { Commit } from './commits.ts';
import type { Store } from './objects.ts';
import { type Entry, entryAt, SUBMODULE, SYMLINK } from './trees.ts';

/** What a commit has at each path of a service: what counts of it. */
export type Content = readonly { readonly path: string; readonly entry: Entry | undefined }[];

export const contentOf = (store: Store, { tree }: Commit, paths: readonly string[]): Content =>
  paths.map((path) => ({ path, entry: entryAt(store, tree, path) }));

export const sameContent = (one: Content, other: Content): boolean =>
  one.every(({ entry }, n) => {
    const its = other[n]?.entry;
    return entry?.oid === its?.oid && entry?.mode === its?.mode;
  });

/** Sha256 of `<path> <mode> <object>` of each path. */
export function digestOf(content: Content): string {
  const lines = content.map(
    ({ path, entry }) => `${path} ${entry?.mode ?? 'none'} ${entry?.oid ?? 'none'}\n`,
  );
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** @throws OutsideRefusal for what would lead elsewhere */
export function refuseLinks(content: Content, name: string): void {
  for (const { path, entry } of content) {
    if (entry?.mode !== SYMLINK && entry?.mode !== SUBMODULE) continue;
    const what = entry.mode === SYMLINK ? 'a symbolic link' : 'a submodule';
    throw new OutsideRefusal(
      `Cannot return "${path}" of ${name}: it is ${what} there; links are not followed`,
    );
  }
}
