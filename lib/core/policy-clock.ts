import { deadlineSeconds, slowestReader, soonestVerdictSeconds } from './deadline.ts';
import { type Condition, type Service, signalNamed } from './service.ts';

/**
 * What one rung takes until its levers are pulled and settled, as it goes when nothing is slow: a cold function,
 * four calls to the target, a reload. The deadline counts with the worst instead (core/deadline.ts).
 */
export const USUAL_ACT_SECONDS = 20;

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

export function policyClock(service: Service): PolicyClock {
  const rungs = service.policy.do.map(
    (rung): RungClock => ({
      actSeconds: USUAL_ACT_SECONDS,
      cacheSeconds: slowestReader(service, rung),
      verifySeconds: soonestVerdictSeconds(service),
    }),
  );
  const recoverSeconds = rungs.reduce((sum, r) => sum + r.actSeconds + r.cacheSeconds + r.verifySeconds, 0);
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

/** CloudWatch evaluates alarms on periods under a minute every 10 s, all others every minute. */
const evaluationSeconds = (periodSeconds: number): number => (periodSeconds < 60 ? 10 : 60);

function detectionOf(service: Service, condition: Condition): Detection {
  const { periodSeconds, lagSeconds } = signalNamed(service, condition.signal);
  const seconds = periodSeconds * condition.datapoints + lagSeconds + evaluationSeconds(periodSeconds);
  return { condition, seconds };
}
