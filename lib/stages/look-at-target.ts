/** What stands at a step's target, before anything is done about it. */
import { StepStillRunning } from '../core/errors.ts';
import { decide, type Observation, type PlannedStep, type Receipt } from '../core/step.ts';
import type { BoundLever } from './lever-port.ts';

export type Result = Pick<Receipt, 'outcome' | 'before' | 'after' | 'note'>;
export type ToAct = Required<Pick<Result, 'before'>>;

/**
 * What stands there, where it is to be acted on; or how the step ends without an act.
 * @throws StepStillRunning while somebody else's run is under way
 */
export async function lookAt(step: PlannedStep, lever: BoundLever, now: number): Promise<Result | ToAct> {
  const before = await lever.observe(step.to.value);
  refuseWhileBusy(step, before, now);
  const decision = decide(step, before, await servedOrUnknown(step, lever));
  switch (decision.kind) {
    case 'already':
      return { outcome: 'already', before, after: before };
    case 'conflict':
      return { outcome: 'conflict', before, note: `somebody else moved it: ${decision.why}` };
    case 'unfit':
      return { outcome: 'failed', before, note: decision.why };
    case 'act':
      return { before };
  }
}

/** Somebody's own run is not raced: the state asks again until it is over, or too old to be alive. */
function refuseWhileBusy({ id, target }: PlannedStep, { busyUntil = 0 }: Observation, now: number): void {
  if (now >= busyUntil) return;
  const text = `Cannot apply step ${id} yet: somebody else's run is under way on ${target}`;
  throw new StepStillRunning(text, busyUntil);
}

/**
 * A flag is done when it stands there. Of the names that settle steps move no server reads; a Helm release is settled
 * when its objects are as it says, too: somebody may have changed one past Helm.
 */
async function servedOrUnknown(
  { phase, to, lever: { kind } }: PlannedStep,
  lever: BoundLever,
): Promise<readonly string[] | undefined> {
  const asked = phase === 'apply' ? kind !== 'flag' : kind === 'helm';
  if (!asked) return undefined;
  // An earlier attempt may have died between the alias and the reload (F11): who does not answer is reloaded again.
  return lever.served(to.value).catch(() => (kind === 'alias' ? ['no answer'] : undefined));
}

/** An act without an answer is proven by what stands there; a Helm release says what was sent, its objects what came. */
export async function isProven(step: PlannedStep, lever: BoundLever): Promise<boolean> {
  if (step.lever.kind !== 'helm') return true;
  const served = await lever.served(step.to.value).catch(() => undefined);
  return served?.every((value) => value === step.to.value) === true;
}
