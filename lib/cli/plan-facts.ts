/** A plan with all that people ask of it before they start it; it reads, and changes nothing. */
import type { Plan, Rung } from '../core/plan.ts';
import { type PlanClock, planClock } from '../core/policy-clock.ts';
import type { Held } from '../core/release.ts';
import type { ArmedService } from '../core/service.ts';
import type { PlannedStep } from '../core/step.ts';
import { type TakeBack, takeBack } from '../core/take-back.ts';
import type { Levers } from '../ports/lever.ts';
import { leverPort } from '../stages/lever-port.ts';
import { digestOf } from '../stages/plan-digest.ts';
import { type StepPermissions, stepPermissions } from './step-permissions.ts';

/** A step, what stands there now, and what else there is to know of it. */
export interface StepFacts extends PlannedStep {
  /** @default - it could not be read */
  readonly now?: Held;
  readonly permissions: StepPermissions;
  /** Of what settles a step none: it goes the way of its step. */
  readonly takeBack?: TakeBack;
}

export interface RungFacts {
  readonly steps: readonly StepFacts[];
  readonly settle: readonly StepFacts[];
}

export interface PlanFacts extends Plan {
  readonly rungs: readonly RungFacts[];
  readonly digest: string;
  readonly clock: PlanClock;
}

export async function planFacts(levers: Levers, armed: ArmedService, plan: Plan): Promise<PlanFacts> {
  const rungs = plan.rungs.map(async ({ steps, settle }: Rung): Promise<RungFacts> => {
    const applied = steps.map((step) => ({
      ...step,
      now: standing(plan, step),
      takeBack: takeBack(armed, plan, step),
      permissions: stepPermissions(armed, step.lever),
    }));
    return { steps: applied, settle: await Promise.all(settle.map((step) => settled(levers, armed, step))) };
  });
  return {
    ...plan,
    rungs: await Promise.all(rungs),
    digest: digestOf(plan),
    clock: planClock(armed.service, plan),
  };
}

/** Where the target itself is right, what is astray there instead: users are served it, or the next change would be. */
const standing = ({ differences }: Plan, { target, from, to }: PlannedStep): Held =>
  from.value === to.value ? (differences.find((d) => d.target === target)?.now ?? from) : from;

/** No plan needs to know what stands where a step is settled; people do. */
async function settled(levers: Levers, armed: ArmedService, step: PlannedStep): Promise<StepFacts> {
  const permissions = stepPermissions(armed, step.lever);
  try {
    const { value, digest } = await leverPort(levers, armed, step.lever).observe(step.to.value);
    return { ...step, now: { value, ...(digest !== undefined && { digest }) }, permissions };
  } catch {
    // What cannot be read is shown as unknown: the plan does not depend on it.
    return { ...step, permissions };
  }
}
