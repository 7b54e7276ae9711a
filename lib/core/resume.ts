import type { Cursor, Ending, StepRef } from './incident.ts';
import type { Plan, Rung } from './plan.ts';
import type { PlannedStep } from './step.ts';
import type { VerdictRecord } from './verdict.ts';

type Start = Pick<Cursor, 'next' | 'rung' | 'steps' | 'settle' | 'waitSeconds'> & {
  readonly ending?: Ending;
};

const at = (next: Cursor['next'], rung: number): Start => ({
  next,
  rung,
  steps: [],
  settle: [],
  waitSeconds: 0,
});

export const startAt = at;

/** A cursor that applies this rung (1 is the first), or closes when the ladder is used up. */
export function rungCursor(plan: Plan, rung: number, next: 'hold' | 'apply' = 'apply'): Start {
  const found = plan.rungs[rung - 1];
  return found ? { ...at(next, rung), ...refsOf(found) } : at('close', rung - 1);
}

const refsOf = ({ steps, settle }: Rung) => ({ steps: steps.map(refOf), settle: settle.map(refOf) });
const refOf = (step: PlannedStep): StepRef => ({ id: step.id, lever: step.lever.kind });

/**
 * The furthest rung of these steps, 0 where none was begun. Marks are announced as rung 0: a refused plan makes them too,
 * so they begin no rung.
 */
export const furthestRung = (begun: readonly string[]): number =>
  Math.max(0, ...begun.map((step) => Number.parseInt(step, 10)));

/**
 * Where a new execution takes up an incident: the furthest rung that was begun, all of it again. Before anything was
 * begun it plans again: whether it may act at all (dry run, mode, cooldown) is decided there.
 */
export function resumeAt(
  plan: Plan | undefined,
  begun: readonly string[],
  verdicts: readonly VerdictRecord[],
): Start {
  const furthest = furthestRung(begun);
  if (!plan || furthest === 0) return at('plan', 0);
  const last = verdicts.at(-1);
  if (!last || last.rung < furthest) return rungCursor(plan, furthest, 'hold');
  return last.verdict === 'not-recovered' ? rungCursor(plan, last.rung + 1) : at('close', last.rung);
}
