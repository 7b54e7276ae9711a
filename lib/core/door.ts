import { comparisonOf } from './condition.ts';
import { completeAfterSeconds } from './deadline.ts';
import { redacted } from './redact.ts';
import type { ArmedService, Signal } from './service.ts';
import type { AlarmTrigger } from './trigger.ts';
import { type Datapoint, meets } from './verdict.ts';

/** Whose alarms count, from the deploy: alarm ARNs by service. */
export type AllowList = Readonly<Record<string, readonly string[]>>;

/** Why no incident is opened, and whether somebody has to be woken for it. */
export interface Refusal {
  readonly reason: string;
  readonly wakes: boolean;
  /** What pages are counted by: at most one in 15 minutes. */
  readonly about: string;
}

/** Where an alarm has to stand to be ours. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Older events are refused; the sweeper opens what is still in ALARM (F05). */
const OLDEST_EVENT_MINUTES = 10;
/** At most one page for refused events of one alarm in this time. */
export const PAGE_EVERY_MINUTES = 15;

/** The service an alarm event is for, or why it is refused before the lease. */
export function admitAlarm(trigger: AlarmTrigger, rules: Place & { allowed: AllowList }) {
  const refuse = (reason: string, wakes: boolean) => ({
    refusal: { reason, wakes, about: redacted(trigger.alarmArn) },
  });
  if (trigger.account !== rules.account || trigger.region !== rules.region) {
    return refuse(`the event is from account ${trigger.account} in ${trigger.region}, not from ours`, true);
  }
  const service = serviceOf(rules.allowed, trigger.alarmArn);
  if (!service) return refuse(`alarm "${trigger.alarmName}" belongs to no service of this environment`, true);
  // Only an alarm that is well again needs nobody: without data nothing is known.
  if (trigger.state !== 'ALARM')
    return refuse(`the alarm's state is ${trigger.state}, not ALARM`, trigger.state !== 'OK');
  return { service };
}

/** Why an event is too old to open an incident by, or nothing. Whose transition an incident holds is a duplicate. */
export function staleness({ alarmArn, at }: AlarmTrigger, now: number): Refusal | undefined {
  const minutes = (now - at) / 60_000;
  if (minutes <= OLDEST_EVENT_MINUTES) return undefined;
  const reason = `the event is ${Math.round(minutes)} minutes old (stale)`;
  return { reason, wakes: false, about: alarmArn };
}

const serviceOf = (allowed: AllowList, alarmArn: string): string | undefined =>
  Object.keys(allowed).find((service) => allowed[service]?.includes(alarmArn));

/** CloudWatch keeps periods under a minute for 3 hours, and answers nothing at all when asked for older ones. */
const LONGEST_LOOK_BACK_MS = 165 * 60_000;

/**
 * The periods in which an alarm's breach has to be seen: its own, before it fired and since. The latest ones, where it
 * fired hours ago or by a clock that is ahead.
 */
export function breachWindow(
  signal: Signal,
  of: number,
  { at, now }: { at: number; now: number },
): { from: number; slack: number } {
  const period = signal.periodSeconds * 1000;
  const slack = period + completeAfterSeconds(signal.periodSeconds) * 1000 + signal.lagSeconds * 1000;
  const before = of * period + slack;
  const from = Math.min(Math.max(at - before, now - LONGEST_LOOK_BACK_MS), now - before);
  return { from: Math.floor(from / period) * period, slack };
}

type Armed = ArmedService['alarms'][number];

/**
 * Whether the metric itself says what the alarm says: SetAlarmState can forge a state, not datapoints (F06).
 * A gap counts as breaching only where the signal declares missing data so.
 */
export function breachIsReal(
  armed: Armed,
  signal: Signal,
  seen: { datapoints: readonly Datapoint[]; periods: number },
) {
  const breach = comparisonOf(armed.condition);
  const breaching = seen.datapoints.filter((d) => meets(d.value, breach)).length;
  const missing = signal.missing === 'breach' ? Math.max(0, seen.periods - seen.datapoints.length) : 0;
  return breaching + missing >= armed.condition.datapoints;
}
