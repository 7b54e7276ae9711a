import { createHash } from 'node:crypto';
import { OutsideTrouble } from '../../core/errors.ts';

/** What Git stores. @see https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export type ObjectKind = 'commit' | 'tree' | 'blob' | 'tag';

export interface GitObject {
  readonly kind: ObjectKind;
  readonly data: Buffer;
}

/** The name of an object: 40 hex digits. */
export const OID = /^[0-9a-f]{40}$/;

/** The name that an object has by its content. */
export const oidOf = ({ kind, data }: GitObject): string =>
  createHash('sha1').update(`${kind} ${data.length}\0`).update(data).digest('hex');

/**
 * Objects by name, in memory. It only grows, and an object never changes: two readers at once cannot harm each other.
 * `shallow`: commits whose parents were left out by the server.
 */
export interface Store {
  readonly objects: Map<string, GitObject>;
  readonly shallow: Set<string>;
  /** Commits that were asked for by name: what a server need not send again. */
  readonly heads: Set<string>;
  /** Objects made here: the server may not have them. */
  readonly made: Set<string>;
  bytes: number;
}

export const newStore = (): Store => ({
  objects: new Map(),
  shallow: new Set(),
  heads: new Set(),
  made: new Set(),
  bytes: 0,
});

/** @returns the object's name */
export function addObject(store: Store, object: GitObject): string {
  const oid = oidOf(object);
  keepObject(store, oid, object);
  return oid;
}

/** The same where its name is known. */
export function keepObject(store: Store, oid: string, object: GitObject): void {
  if (store.objects.has(oid)) return;
  store.objects.set(oid, object);
  store.bytes += object.data.length;
}

/** The same for what is made here. */
export function makeObject(store: Store, object: GitObject): string {
  const known = store.objects.size;
  const oid = addObject(store, object);
  if (store.objects.size > known) store.made.add(oid);
  return oid;
}

/** @throws OutsideTrouble where the server left it out, or it is of another kind */
export function objectIn(store: Store, oid: string, kind: ObjectKind): Buffer {
  const object = store.objects.get(oid);
  if (object?.kind === kind) return object.data;
  const found = object ? `it is a ${object.kind}` : 'the server did not send it';
  throw new OutsideTrouble(`Cannot read ${kind} ${oid}: ${found}`);
}
