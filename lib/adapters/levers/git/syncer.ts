/** The part of a Git lever's file that a syncer needs: where the commits are, and which Application takes them up. */
export interface SyncedLever {
  readonly repository: string;
  readonly branch: string;
  readonly application: { readonly cluster: string; readonly namespace: string; readonly name: string };
}

/** What an Application says of itself, in one reading. */
export interface SyncState {
  /** The commit (40 hex digits) that it was compared with last; nothing where there was none yet. */
  readonly revision?: string;
  /**
   * Why what is live is not that commit: `OutOfSync`, `sync unknown: <message>`, `sync failed: <message>`,
   * `sync running`. One line, redacted. Nothing where it is synced.
   */
  readonly unsynced?: string;
  readonly auto: boolean;
  readonly selfHeal: boolean;
  /** Who would write its sync policy back: `Application x` or `ApplicationSet x`. */
  readonly parent?: string;
  readonly health: string;
  readonly healthMessage?: string;
  /** The incident whose freeze stands. */
  readonly frozenBy?: string;
}

/** On whose behalf something is written. */
export interface SyncOrder {
  readonly incident: string;
  readonly fence: number;
}

export interface PushedOrder extends SyncOrder {
  /** The branch's head that is to be synced, pushed by us or found good. */
  readonly commit: string;
  /** Whether a revision is `commit` or comes after it on the branch; false for what the branch does not have. */
  readonly reaches: (revision: string) => Promise<boolean>;
  /** Nothing is waited for after this (epoch ms). */
  readonly until: number;
}

/**
 * What takes a branch's commits to where they run (Argo CD). A lever without `application` has none.
 * Each throws OutsideRefusal when asking again will not help (it follows another branch, it is not there, its sync
 * failed), OutsideTrouble when it may.
 */
export interface Syncer {
  /** Reads only. Refuses an Application that does not follow the lever's repository and branch. */
  observe(lever: SyncedLever): Promise<SyncState>;
  /**
   * Makes it take the commit up, and waits until it is synced there or `until` has come. A freeze of this or an earlier
   * incident is lifted first: Git is good again. Health is not waited for.
   * @throws OutsideRefusal where the sync failed at that commit; OutsideTrouble where it was not done in time
   */
  afterPush(lever: SyncedLever, order: PushedOrder): Promise<void>;
  /**
   * Turns automatic sync off, so that nothing is synced while Git cannot be reached, and reads back that it held.
   * Idempotent. @returns a sentence of what stands now, for the receipt: also where a parent has put it back
   */
  freeze(lever: SyncedLever, order: SyncOrder): Promise<string>;
  /** Puts back the sync policy that our freeze kept; nothing where none stands. */
  thaw(lever: SyncedLever, order: SyncOrder): Promise<void>;
}
