import type { Attributes, Key, Write } from '../core/write.ts';

/** `written`, or the positions of the writes whose condition did not hold: then nothing was written. */
export type WriteResult =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'conflict'; readonly failed: readonly number[] };

/**
 * The table: conditional records, strongly consistent. A write whose answer was lost may have happened; the
 * callers recognise their own. Neighbours that touch one item at once are retried inside, within 2 s.
 * @throws OutsideTrouble when it cannot be reached or throttles.
 */
export interface Ledger {
  get(key: Key): Promise<Attributes | undefined>;
  /** Items of a partition whose sort key begins with `prefix`, in order of the sort key; all pages. */
  list(pk: string, prefix: string): Promise<(Attributes & Key)[]>;
  /** All of it or nothing; at most 100 writes. */
  write(writes: readonly Write[]): Promise<WriteResult>;
}
