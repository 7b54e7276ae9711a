/** The other side: a repository as its server holds it. The rules run over a real one and over the twin. */
import type { GitObject, Store } from './objects.ts';

export interface FetchOrder {
  /** The commit that is wanted, with `depth` commits of its history. */
  readonly head: string;
  readonly depth: number;
}

export interface Push {
  readonly branch: string;
  /** What the branch has to be now; nothing where it is to be made. */
  readonly from: string | undefined;
  readonly to: string;
  readonly objects: readonly GitObject[];
}

/** `moved`: the branch is not `from` any more. `declined`: a hook or a protection said no, and will again. */
export type PushEnd =
  | { readonly kind: 'pushed' }
  | { readonly kind: 'moved' }
  | { readonly kind: 'declined'; readonly why: string };

/** Each throws OutsideRefusal (no access, no repository, over a limit) or OutsideTrouble (not reached, cut off). */
export interface Remote {
  /** Host and path, for messages. */
  readonly name: string;
  /** The commit that a branch is at; nothing where there is no such branch. */
  headOf(branch: string): Promise<string | undefined>;
  /** Puts the commits and their trees into the store; contents where the server sends them anyway. */
  fetch(store: Store, order: FetchOrder): Promise<void>;
  /** Puts one commit and its trees into the store. @returns whether the repository has it */
  fetchCommit(store: Store, oid: string): Promise<boolean>;
  /** Puts these contents into the store. */
  fetchBlobs(store: Store, oids: readonly string[]): Promise<void>;
  /** Never by force. */
  push(push: Push): Promise<PushEnd>;
}
