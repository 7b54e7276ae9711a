import { StepStillRunning } from '../core/errors.ts';
import type { Receipt } from '../core/step.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import { records } from './records.ts';

/**
 * What became of the step that a settle step (`1.1.s1`) makes stick, or nothing where it was not begun.
 * @throws StepStillRunning while its function may run on, out of sight.
 */
export async function settledReceipt(
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
  incident: string,
  settleStep: string,
): Promise<Receipt | undefined> {
  const step = settleStep.slice(0, settleStep.lastIndexOf('.'));
  // The attempt first: a receipt that comes after it is seen.
  const attempt = await records(ledger).attempt(incident, step);
  const receipt = await records(ledger).receipt(incident, step);
  if (receipt || !attempt || clock.now() >= attempt.actUntil) return receipt;
  throw new StepStillRunning(`Cannot settle step ${step} yet: it may still be under way`, attempt.actUntil);
}
