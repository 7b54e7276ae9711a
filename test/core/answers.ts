import { checklistOf } from '../../lib/core/checklist.ts';
import type { ClosingReport } from '../../lib/core/report.ts';

/** The checklist of a report in the order of its page. */
export const [SLO, TRAFFIC, QUEUES, NOTES, PROMOTION] = [0, 1, 2, 3, 4];

/** What one item says, and why. */
export function nth(
  report: ClosingReport,
  n: number,
): [state: string | undefined, evidence: string | undefined] {
  const { state, evidence } = checklistOf(report)[n] ?? {};
  return [state, evidence];
}
