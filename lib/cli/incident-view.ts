/** Everything the table holds of one incident, read in one query. */
import type { AddressNote } from '../core/cluster-addresses.ts';
import type { Acknowledged } from '../core/desk.ts';
import type { AttachedAlarm, Incident } from '../core/incident.ts';
import { keys, prefixes } from '../core/keys.ts';
import type { PlanResult } from '../core/plan.ts';
import type { PageRecord } from '../core/report.ts';
import type { ArmedService } from '../core/service.ts';
import type { Receipt } from '../core/step.ts';
import type { Look } from '../core/traffic.ts';
import type { Judged, VerdictRecord } from '../core/verdict.ts';
import type { Attributes, Key } from '../core/write.ts';
import type { Ledger } from '../ports/ledger.ts';
import { ADDRESS_NOTE, type Attempt, type Hold, records } from '../stages/records.ts';
import type { SignalSeen } from './signal-series.ts';
import { stopwatch } from './text.ts';

/** Looking that does not work, or did not for a while. */
export interface LookTrouble {
  readonly since: number;
  readonly sentence: string;
  /** When it worked again. @default - it does not yet */
  readonly overAt?: number;
}

export interface IncidentView {
  readonly incident: Incident;
  readonly armed?: ArmedService;
  readonly plan?: PlanResult;
  readonly alarms: readonly AttachedAlarm[];
  readonly attempts: readonly Attempt[];
  readonly receipts: readonly Receipt[];
  readonly verdicts: readonly VerdictRecord[];
  readonly pages: readonly PageRecord[];
  readonly ack?: Acknowledged;
  /** The hold of its service, whoever set it. */
  readonly hold?: Hold;
  /** What EKS would not say. @default - nothing was refused */
  readonly addresses?: AddressNote;
  /** What verification saw last of what is served, where that is more than values. */
  readonly look?: Look;
  /** The signals that the policy names, as they were read last. */
  readonly signals?: readonly SignalSeen[];
  /** The last time that the table could not be read. */
  readonly trouble?: LookTrouble;
  /** The signals of the rung that is being verified, as far as they can be judged now. */
  readonly progress?: readonly Judged[];
}

/** An incident as it stands, or nothing when there is none of that id. */
export async function viewIncident(ledger: Ledger, id: string): Promise<IncidentView | undefined> {
  const items = await ledger.list(keys.incident(id).pk, '');
  const one = <T>({ sk }: Key) => items.find((item) => item.sk === sk) as T | undefined;
  const incident = one<Incident>(keys.incident(id));
  if (!incident) return undefined;
  const many = <T>(prefix: string) => items.filter(({ sk }) => sk.startsWith(prefix)) as unknown as T[];
  const armed = one<ArmedService>(keys.armed(id));
  const plan = one<PlanResult>(keys.plan(id));
  const ack = one<Acknowledged>(keys.note(id, 'ack'));
  const addresses = one<AddressNote>(keys.note(id, ADDRESS_NOTE));
  const look = one<Look>(keys.look(id));
  const hold = await records(ledger).hold(incident.service);
  return {
    incident,
    ...(armed && { armed }),
    ...(plan && { plan }),
    ...(ack && { ack }),
    ...(addresses && { addresses }),
    ...(look && { look }),
    ...(hold && { hold }),
    alarms: many<AttachedAlarm>(prefixes.alarm),
    attempts: many<Attempt>(prefixes.attempt),
    receipts: many<Receipt>(prefixes.receipt),
    verdicts: many<VerdictRecord>(prefixes.verdict),
    pages: many<Attributes>(prefixes.note).flatMap((note) => (note['pages'] ?? []) as PageRecord[]),
  };
}

/** Whether nothing more comes: its report is out, and its machine has ended. */
export const isOver = ({ state }: Incident): boolean => state === 'ended' || state === 'closed';

/** Epoch ms when the clock against the goal starts, and what it has run to. */
export interface GoalClock {
  readonly seconds: number;
  readonly goalSeconds?: number;
  readonly late: boolean;
}

/** The clock of the goal: from the alarm's state change (or open), to recovered, the end, or now. */
export function goalClock({ incident, armed, verdicts }: IncidentView, now: number): GoalClock {
  const recovered = verdicts.findLast((v) => v.verdict === 'recovered');
  const seconds = secondsInto(incident, recovered?.judgedAt ?? incident.endedAt ?? now);
  const goalSeconds = armed?.service.runbook.goalSeconds;
  return {
    seconds,
    ...(goalSeconds !== undefined && { goalSeconds }),
    late: goalSeconds !== undefined && seconds > goalSeconds,
  };
}

/** Seconds on the clock of the goal at a moment. */
export function secondsInto({ trigger, openedAt }: Incident, at: number): number {
  const start = trigger.kind === 'alarm' ? Math.min(trigger.at, openedAt) : openedAt;
  return Math.max(0, at - start) / 1000;
}

/** `1:05 of 5:00`, the goal; `6:10 of 5:00, late`. */
export function clockText(view: IncidentView, now: number): string {
  const { seconds, goalSeconds, late } = goalClock(view, now);
  const goal = goalSeconds === undefined ? '' : ` of ${stopwatch(goalSeconds)}`;
  return `${stopwatch(seconds)}${goal}${late ? ', late' : ''}`;
}
