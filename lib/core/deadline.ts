import { type Lever, type LeverKind, type Pull, type Service, signalNamed } from './service.ts';

/** Opening, planning and holding, cold starts included. */
const BEFORE_SECONDS = 45;
/**
 * One rung's levers and their settle steps: a function's timeout, and one retry after its `actUntil`. What Helm settles
 * takes Helm's time too, and the other way round.
 */
const ACT_SECONDS = {
  flag: 60,
  alias: 60,
  rollout: 160,
  deployment: 160,
  helm: 160,
  git: 160,
} as const satisfies Record<LeverKind, number>;
/** Closing: report, notes, pages. */
const AFTER_SECONDS = 30;
/** No automation may go on for longer than this before a person is called. */
export const LONGEST_DEADLINE_SECONDS = 30 * 60;
/** The most a `Wait` between two looks may last; more than any planned look can need inside the deadline. */
export const LONGEST_WAIT_SECONDS = LONGEST_DEADLINE_SECONDS;

/** Seconds after its end until a period counts as complete: publishers come late, by half a period at most. */
export const completeAfterSeconds = (periodSeconds: number): number => Math.min(periodSeconds / 2, 60);

/** The longest window that has to be healthy: datapoints of `verify`, in the slowest period that may be watched. */
export function verifyWindowSeconds(service: Service): number {
  const named = service.policy.verify.map((c) => c.datapoints * signalNamed(service, c.signal).periodSeconds);
  const attached = service.policy.when.map(
    (c) => longestVerify(service) * signalNamed(service, c.signal).periodSeconds,
  );
  return Math.max(...named, ...attached);
}

/** How many datapoints the longest `verify` asks for. */
export const longestVerify = (service: Service): number =>
  Math.max(...service.policy.verify.map((c) => c.datapoints));

/** Over all signals that may be watched: the longest lag, and the longest until one more period is complete. */
function slowestSeconds(service: Service): { readonly lag: number; readonly onePeriod: number } {
  const { verify, when } = service.policy;
  const named = [...verify, ...when].map((c) => signalNamed(service, c.signal));
  return {
    lag: Math.max(...named.map((s) => s.lagSeconds)),
    onePeriod: Math.max(...named.map((s) => s.periodSeconds + completeAfterSeconds(s.periodSeconds))),
  };
}

/** Seconds after the switch until a rung without a verdict is inconclusive: its lag, and its window twice over. */
export function verifyBudgetSeconds(service: Service): number {
  const { lag, onePeriod } = slowestSeconds(service);
  return lag + 2 * verifyWindowSeconds(service) + onePeriod;
}

/** Seconds until a rung can be judged recovered at the earliest: what the clock of `validate` shows. */
export function soonestVerdictSeconds(service: Service): number {
  const { lag, onePeriod } = slowestSeconds(service);
  return lag + verifyWindowSeconds(service) + onePeriod;
}

/** From open until the automation gives up and pages, from the policy's own windows; at most 30 minutes. */
export function deadlineSeconds(
  service: Service,
  rungs: readonly (readonly Pull[])[] = service.policy.do,
): number {
  return Math.min(LONGEST_DEADLINE_SECONDS, judgedBySeconds(service, rungs) + AFTER_SECONDS);
}

/** From open until the last of these rungs is judged at the latest: all budgets used up. */
export function judgedBySeconds(service: Service, rungs: readonly (readonly Pull[])[]): number {
  const perRung = rungs.map(
    (rung) => actSeconds(service, rung) + slowestReader(service, rung) + verifyBudgetSeconds(service),
  );
  return BEFORE_SECONDS + sum(perRung);
}

const actSeconds = (service: Service, rung: readonly Pull[]): number =>
  Math.max(ACT_SECONDS.flag, ...rung.map((pull) => ACT_SECONDS[leverNamed(service, pull.lever).kind]));

/** The longest time a reader of these levers may keep an old value. */
export const slowestReader = (service: Service, rung: readonly Pull[]): number =>
  Math.max(0, ...rung.map((pull) => leverNamed(service, pull.lever).cacheSeconds));

/** The lever under this key. @throws when there is none: the files refuse that earlier. */
export function leverNamed(service: Service, name: string): Lever {
  const found = service.levers.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`Cannot find lever "${name}" of service "${service.name}"`);
  return found;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
