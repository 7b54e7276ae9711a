import type { Mode } from './environment.ts';
import type { Plan } from './plan.ts';
import type { LeverKind } from './service.ts';
import type { Receipt } from './step.ts';
import { tookEffect } from './step.ts';
import type { IncidentTimes } from './times.ts';
import type { Trigger } from './trigger.ts';
import type { VerdictRecord } from './verdict.ts';

/** How an incident ended. */
export const ENDINGS = ['recovered', 'contained', 'escalated', 'refused', 'observed', 'cancelled'] as const;
export type Ending = (typeof ENDINGS)[number];

/** Where an incident is: `ended` waits for a person to close it, `closed` gives its lease away. */
export type IncidentState = 'running' | 'closing' | 'ended' | 'closed';

/** One episode of one service: the header item, which says little; all else are items of their own. */
export interface Incident {
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  readonly state: IncidentState;
  /** Epoch ms. */
  readonly openedAt: number;
  readonly trigger: Exclude<Trigger, { kind: 'takeover' }>;
  readonly dryRun: boolean;
  /** How many alarms joined, the first among them; closing is conditional on it. */
  readonly alarms: number;
  /** How often another execution took it over: once at most. */
  readonly takeovers: number;
  /** Mode at open. */
  readonly mode?: Mode;
  /** Epoch ms after which nothing more is begun; the longest at open, sharpened by the armed service and the plan. */
  readonly deadlineAt?: number;
  /** True once a lever may have been pulled; cooldown and cascade count these. */
  readonly acted?: boolean;
  readonly ending?: Ending;
  readonly reasons?: readonly string[];
  /** Whether a refusal wakes somebody; a stale or healed alarm does not. */
  readonly wakes?: boolean;
  readonly endedAt?: number;
  readonly reportUrl?: string;
}

/** What an attached alarm is: which, and since when it is in that state. */
export interface AttachedAlarm {
  readonly arn: string;
  readonly at: number;
  readonly joinedAt: number;
}

/** The next arrow of the state machine. */
export type Next = 'plan' | 'hold' | 'apply' | 'verify' | 'wait' | 'close' | 'done';

/** A step as states carry it: only what chooses the function. */
export interface StepRef {
  readonly id: string;
  readonly lever: LeverKind;
}

/** All that states carry: ids, fence, cursor and small facts; the rest is in the table. At most 8 KiB. */
export interface Cursor {
  readonly incident: string;
  readonly service: string;
  readonly fence: number;
  readonly next: Next;
  /** 1 for the first rung; 0 before the plan. */
  readonly rung: number;
  readonly steps: readonly StepRef[];
  readonly settle: readonly StepRef[];
  readonly waitSeconds: number;
  /** Why the incident is on its way to its end, where a stage decided so. */
  readonly ending?: Ending;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `20261121T090403`, UTC: what ids and names of things are made of. */
export function stamp(at: number): string {
  const d = new Date(at);
  const date = `${d.getUTCFullYear()}${two(d.getUTCMonth() + 1)}${two(d.getUTCDate())}`;
  return `${date}T${two(d.getUTCHours())}${two(d.getUTCMinutes())}${two(d.getUTCSeconds())}`;
}

/** `<service>-<yyyymmddThhmmss>-<8 hex>`; the hash is of the winner's execution ARN. Dedup key of pages. */
export const incidentId = (service: string, at: number, hash: string): string =>
  `${service}-${stamp(at)}-${hash.slice(0, 8)}`;

/** Minutes after an incident that acted, or that a person stopped, in which a new alarm holds and pages but does not act. */
const COOLDOWN_MINUTES = 15;
/** Acting incidents of one service in 24 hours; the third refuses and pages. */
export const CASCADE_LIMIT = 2;
const DAY_MS = 24 * 3600_000;

/** What the ledger keeps of each incident under its service. */
export interface IncidentSummary {
  readonly id: string;
  readonly openedAt: number;
  readonly state: IncidentState;
  readonly acted: boolean;
  /** A person only asked for the plan. @default false */
  readonly dryRun?: boolean;
  readonly ending?: Ending;
  readonly endedAt?: number;
  /** How long it took. @default - it has not ended, its report did not get out, or it is from before this was kept */
  readonly times?: IncidentTimes;
}

/** Why this incident may not act because of those before it, or nothing. A person's start skips the cooldown only. */
export function restraint(
  earlier: readonly IncidentSummary[],
  now: number,
  byPerson: boolean,
): string | undefined {
  const acted = earlier.filter((i) => i.acted);
  const recent = acted.filter((i) => now - i.openedAt < DAY_MS);
  if (recent.length >= CASCADE_LIMIT) {
    return `cascade: ${recent.length} incidents of this service acted in the last 24 hours, at most ${CASCADE_LIMIT} may`;
  }
  const cooling = earlier.find(
    (i) =>
      (i.acted || i.ending === 'cancelled') && now - (i.endedAt ?? i.openedAt) < COOLDOWN_MINUTES * 60_000,
  );
  if (cooling && !byPerson) {
    const what = cooling.ending === 'cancelled' ? 'was stopped by a person' : 'acted';
    return `cooldown: "${cooling.id}" ${what} less than ${COOLDOWN_MINUTES} minutes ago`;
  }
  return undefined;
}

/**
 * The ending of an incident that pulled levers, or tried to. `contained` only when every target was seen, and each
 * that differs was moved and seen to have moved: the bad release serves nothing, recovery is not proven.
 */
export function endingOf(
  verdicts: readonly VerdictRecord[],
  receipts: readonly Receipt[],
  plan: Plan | undefined,
): Ending {
  const last = verdicts.at(-1);
  if (last?.verdict === 'recovered') return 'recovered';
  const applied = receipts.filter((r) => r.phase === 'apply');
  const effective = applied.length > 0 && applied.every(tookEffect);
  const seenServed = last?.served.every((s) => s.good) && applied.every((r) => r.rung <= last.rung);
  return effective && seenServed && movedAll(receipts, plan) ? 'contained' : 'escalated';
}

function movedAll(receipts: readonly Receipt[], plan: Plan | undefined): boolean {
  if (!plan || (plan.unseen ?? []).length > 0) return false;
  return plan.differences.every(({ target }) => receipts.some((r) => r.target === target && tookEffect(r)));
}

/** Whether this ending closes at once; the others wait for a person. */
export const closesAtOnce = (ending: Ending): boolean => ending !== 'contained' && ending !== 'escalated';

/** Whether somebody has to be woken for this ending; the rest is a notification. */
export function wakesSomebody(ending: Ending, incident: Pick<Incident, 'wakes'>): boolean {
  if (ending === 'refused') return incident.wakes ?? true;
  return ending === 'contained' || ending === 'escalated' || ending === 'cancelled';
}
