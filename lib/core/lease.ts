/**
 * The lease: one acting execution per service, with a fence. This is the part that must not be wrong.
 * It belongs to an execution, is never renewed and never expires; only an attempt's `actUntil` is compared with
 * a clock. Everything here is a transaction to be written, or a reading of what is there: no I/O, no clock.
 */
import type { AttachedAlarm, Ending, Incident, IncidentSummary } from './incident.ts';
import { keys } from './keys.ts';
import type { IncidentTimes } from './times.ts';
import type { When, Write } from './write.ts';

/** Who may act for a service. `fence` grows with every owner. */
export interface Lease {
  readonly service: string;
  readonly fence: number;
  /** ARN of the execution that owns it. */
  readonly owner: string;
  readonly incident: string;
  readonly takenAt: number;
}

/** The sweeper closes under a name of its own; everybody else who owns a lease is an execution. */
export const isExecution = (owner: string): boolean => owner.startsWith('arn:');

/** Seconds between an attempt's last moment and the next owner's first, and before a deadline of our own. */
export const MARGIN_SECONDS = 5;

/** Epoch ms until which an attempt may be writing: its function ends before. */
export const actUntil = (now: number, remainingMs: number): number =>
  now + remainingMs + MARGIN_SECONDS * 1000;

/** Whether an attempt may still begin a write: a worker that slept through its time may not (F13). */
export const mayStillAct = (until: number, now: number): boolean => now < until - MARGIN_SECONDS * 1000;

/** Writes under a fence: none of them happens once another execution holds the lease. */
export const fenced = (service: string, fence: number, writes: readonly Write[]): Write[] => [
  { kind: 'check', key: keys.lease(service), when: { fence: [fence] } },
  ...writes,
];

/** Takes a free lease for a new incident: the lease as it was seen must still be so. */
export function openWrites(seen: Lease | undefined, lease: Lease, incident: Incident): Write[] {
  const unchanged: When = seen ? { fence: [seen.fence], incident: [seen.incident] } : 'absent';
  const summary: IncidentSummary = {
    id: incident.id,
    openedAt: incident.openedAt,
    state: 'running',
    acted: false,
    ...(incident.dryRun && { dryRun: true }),
  };
  return [
    { kind: 'put', key: keys.lease(lease.service), item: { ...lease }, when: unchanged },
    { kind: 'put', key: keys.incident(incident.id), item: { ...incident }, when: 'absent' },
    { kind: 'put', key: keys.open(incident.id), item: { incident: incident.id, service: incident.service } },
    { kind: 'put', key: keys.summary(incident.service, incident.id), item: { ...summary } },
    owns(lease.owner, incident.id),
    ...transitionWrites(incident),
  ];
}

const owns = (execution: string, incident: string): Write => ({
  kind: 'put',
  key: keys.execution(execution),
  item: { incident },
});

function transitionWrites(incident: Incident): Write[] {
  const { trigger } = incident;
  if (trigger.kind === 'person') return [];
  const alarm = { arn: trigger.alarmArn, at: trigger.at, joinedAt: incident.openedAt };
  return [
    { kind: 'put', key: keys.alarm(incident.id, alarm.arn), item: alarm },
    {
      kind: 'put',
      key: keys.transition(alarm.arn, alarm.at),
      item: { incident: incident.id },
      when: 'absent',
    },
  ];
}

/** Who loses the lease adds its alarm, as long as the incident is open to more: closing counts them. */
export const attachWrites = (incident: string, alarm: AttachedAlarm): Write[] => [
  {
    kind: 'update',
    key: keys.incident(incident),
    set: {},
    add: { alarms: 1 },
    when: { state: ['running', 'ended'] },
  },
  { kind: 'put', key: keys.alarm(incident, alarm.arn), item: { ...alarm } },
  { kind: 'put', key: keys.transition(alarm.arn, alarm.at), item: { incident }, when: 'absent' },
];

/** Who has the lease next. */
export interface Successor {
  readonly owner: string;
  readonly now: number;
}

/** The lease goes on with fence + 1, from exactly the owner that was seen. */
const handover = (seen: Lease, { owner, now }: Successor): Write => ({
  kind: 'update',
  key: keys.lease(seen.service),
  set: { owner, takenAt: now },
  add: { fence: 1 },
  when: { fence: [seen.fence], owner: [seen.owner] },
});

/** Another execution takes an incident over, once, to go on with it or with its closing. */
export const takeoverWrites = (seen: Lease, by: Successor): Write[] => [
  handover(seen, by),
  {
    kind: 'update',
    key: keys.incident(seen.incident),
    set: {},
    add: { takeovers: 1 },
    when: { state: ['running', 'closing'] },
  },
  owns(by.owner, seen.incident),
];

/** How an incident is about to end. `wakes` as in the incident's header. */
export interface Closing {
  readonly ending: Ending;
  readonly reasons: readonly string[];
  readonly wakes?: boolean;
}

/** Begins to close, if no alarm joined since it was counted. Catch, sweeper and watch cannot both get in. */
export const closingWrites = (
  lease: Pick<Lease, 'service' | 'fence' | 'incident'>,
  { alarms, ...closing }: Closing & Pick<Incident, 'alarms'>,
) =>
  fenced(lease.service, lease.fence, [
    {
      kind: 'update',
      key: keys.incident(lease.incident),
      set: { state: 'closing', ...closing },
      when: { state: ['running'], alarms: [alarms] },
    },
  ]);

/** Takes a running incident from its owner and begins to close it, in one: a crash in between changes no ending. */
export const closeForWrites = (seen: Lease, by: Successor & Closing): Write[] => {
  const { owner, now, ...closing } = by;
  return [
    handover(seen, { owner, now }),
    {
      kind: 'update',
      key: keys.incident(seen.incident),
      set: { state: 'closing', ...closing },
      add: { takeovers: 1 },
      when: { state: ['running'] },
    },
  ];
};

/** How a closing incident ends. `lookAgainAt`: the sweeper looks at its alarms once more then (epoch ms). */
export interface Ended {
  readonly state: 'ended' | 'closed';
  readonly ending: Ending;
  readonly endedAt: number;
  /** Absent where the report could not be put. */
  readonly reportUrl?: string;
  /** For the list of the service's incidents; absent where there is no report. */
  readonly times?: IncidentTimes;
  readonly lookAgainAt?: number;
  /** Its report or its last word did not get out: the sweeper tries again. */
  readonly unfinished?: boolean;
}

/** Ends a closing incident: `closed` gives the lease away, `ended` waits for a person. */
export function endWrites(lease: Pick<Lease, 'service' | 'fence' | 'incident'>, end: Ended): Write[] {
  const { lookAgainAt, unfinished = false, times, ...ended } = end;
  const { state, ending, endedAt } = ended;
  const { service, incident, fence } = lease;
  const pointer = keys.open(incident);
  const item = {
    incident,
    service,
    ...(lookAgainAt !== undefined && { lookAgainAt }),
    ...(unfinished && { unfinished: { fence } }),
  };
  return fenced(service, lease.fence, [
    { kind: 'update', key: keys.incident(incident), set: { ...ended }, when: { state: ['closing'] } },
    {
      kind: 'update',
      key: keys.summary(service, incident),
      set: { state, ending, endedAt, ...(times && { times }) },
      when: { state: ['running'] },
    },
    state === 'closed' && lookAgainAt === undefined && !unfinished
      ? { kind: 'delete', key: pointer }
      : { kind: 'put', key: pointer, item },
  ]);
}
