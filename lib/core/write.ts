/** Where an item stands: a partition and a sort key. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** What one transaction of the ledger takes (DynamoDB, TransactWriteItems). */
export const MOST_WRITES = 100;

export type Attributes = Readonly<Record<string, unknown>>;

/** What must be true of an item for a write to happen: not there, or these attributes are one of these values. */
export type When = 'absent' | { readonly [attribute: string]: readonly unknown[] };

/** One write of a transaction. `update` sets attributes and adds to numbers, of an item that is there. */
export type Write =
  | { readonly kind: 'put'; readonly key: Key; readonly item: Attributes; readonly when?: When }
  | {
      readonly kind: 'update';
      readonly key: Key;
      readonly set: Attributes;
      readonly add?: Readonly<Record<string, number>>;
      readonly when: When;
    }
  | { readonly kind: 'delete'; readonly key: Key; readonly when?: When }
  | { readonly kind: 'check'; readonly key: Key; readonly when: When };
