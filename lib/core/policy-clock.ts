import { deadlineSeconds, judgedBySeconds, slowestReader, soonestVerdictSeconds } from './deadline.ts';
import type { Plan } from './plan.ts';
import { type Condition, type Pull, type Service, signalNamed } from './service.ts';

/**
 * What one rung takes until its levers are pulled and settled, as it goes when nothing is slow: a cold function,
 * four calls to the target, a reload. The deadline counts with the worst instead (core/deadline.ts).
 */
const USUAL_ACT_SECONDS = 20;

/** Until an alarm fires: its datapoints, and one evaluation. */
export interface Detection {
  readonly condition: Condition;
  readonly seconds: number;
}

/** One rung until it is judged recovered. `verifySeconds` holds the window and the lag. */
export interface RungClock {
  readonly actSeconds: number;
  readonly cacheSeconds: number;
  readonly verifySeconds: number;
}

/** What a policy promises: detection beside recovery by its last rung, against its goal. */
export interface PolicyClock {
  readonly detection: readonly Detection[];
  readonly rungs: readonly RungClock[];
  /** All rungs, one after the other; detection is not in it. */
  readonly recoverSeconds: number;
  readonly goalSeconds: number;
  readonly deadlineSeconds: number;
  readonly withinGoal: boolean;
}

/** The clock of a policy, from its own windows and budgets, before anything has happened. */
export function policyClock(service: Service): PolicyClock {
  const rungs = service.policy.do.map((rung) => rungClock(service, rung));
  const recoverSeconds = allSeconds(rungs);
  const { goalSeconds } = service.runbook;
  return {
    detection: service.policy.when.map((condition) => detectionOf(service, condition)),
    rungs,
    recoverSeconds,
    goalSeconds,
    deadlineSeconds: deadlineSeconds(service),
    withinGoal: recoverSeconds <= goalSeconds,
  };
}

const rungClock = (service: Service, rung: readonly Pull[]): RungClock => ({
  actSeconds: USUAL_ACT_SECONDS,
  cacheSeconds: slowestReader(service, rung),
  verifySeconds: soonestVerdictSeconds(service),
});

const allSeconds = (rungs: readonly RungClock[]): number =>
  rungs.reduce((sum, r) => sum + r.actSeconds + r.cacheSeconds + r.verifySeconds, 0);

/** When a rung of a plan is judged, those before it included, in seconds after open. */
export interface PlannedRungClock {
  /** As it goes when nothing is slow. */
  readonly usualSeconds: number;
  /** With every budget used up; the deadline may come before. */
  readonly latestSeconds: number;
  /** By the goal: when nothing is slow, and at the latest. */
  readonly usualWithinGoal: boolean;
  readonly latestWithinGoal: boolean;
}

/** A plan against the goal. Detection is over when it begins. */
export interface PlanClock {
  readonly rungs: readonly PlannedRungClock[];
  readonly goalSeconds: number;
  readonly deadlineSeconds: number;
}

/** The clock of a plan: its rungs are those of the plan, which may be fewer than the policy has. */
export function planClock(service: Service, plan: Plan): PlanClock {
  const { goalSeconds } = service.runbook;
  const pulls = plan.rungs.map(({ steps }) =>
    steps.map(({ lever }): Pull => ({ lever: lever.name, verb: 'back' })),
  );
  const rungs = pulls.map((_, n): PlannedRungClock => {
    const before = pulls.slice(0, n + 1);
    const usualSeconds = allSeconds(before.map((rung) => rungClock(service, rung)));
    const latestSeconds = Math.min(plan.deadlineSeconds, judgedBySeconds(service, before));
    const usualWithinGoal = usualSeconds <= goalSeconds;
    return { usualSeconds, latestSeconds, usualWithinGoal, latestWithinGoal: latestSeconds <= goalSeconds };
  });
  return { rungs, goalSeconds, deadlineSeconds: plan.deadlineSeconds };
}

/** CloudWatch evaluates alarms on periods under a minute every 10 s, all others every minute. */
const evaluationSeconds = (periodSeconds: number): number => (periodSeconds < 60 ? 10 : 60);

function detectionOf(service: Service, condition: Condition): Detection {
  const { periodSeconds, lagSeconds } = signalNamed(service, condition.signal);
  const seconds = periodSeconds * condition.datapoints + lagSeconds + evaluationSeconds(periodSeconds);
  return { condition, seconds };
}
