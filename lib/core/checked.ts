import type { CheckItem, ClosingReport } from './report.ts';

/** All that the post-rollback list is answered from. */
export type CheckFacts = Pick<
  ClosingReport,
  | 'incident'
  | 'ending'
  | 'goalSeconds'
  | 'timeToRecoverSeconds'
  | 'series'
  | 'plan'
  | 'receipts'
  | 'verdicts'
  | 'hold'
  | 'quarantined'
  | 'acknowledged'
  | 'pages'
  | 'rcaDueAt'
>;

/** What an item says of itself: the sentence goes with the state. */
export type Checked = Omit<CheckItem, 'item'>;

export const proven = (evidence: string): Checked => ({ state: 'proven', evidence });
export const notProven = (evidence: string): Checked => ({ state: 'not-proven', evidence });
export const notApplicable = (evidence: string): Checked => ({ state: 'not-applicable', evidence });
