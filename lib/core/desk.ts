/** What people write from the desk: transactions that happen only while things stand as the person saw them. */
import type { Incident } from './incident.ts';
import { keys } from './keys.ts';
import type { Lease } from './lease.ts';
import type { Baseline, Quarantine } from './release.ts';
import type { When, Write } from './write.ts';

/** Who did it, when (epoch ms), and why. */
export interface Person {
  readonly by: string;
  readonly at: number;
  readonly reason: string;
}

/** Who said that they look after an incident, and when (epoch ms). */
export type Acknowledged = Pick<Person, 'by' | 'at'>;

/** A hold as it was seen; lifted since, or none: `state` and `since` say which one is meant. */
export interface SeenHold {
  readonly state: 'standing' | 'lifted';
  readonly since: number;
}

/** A service as the person saw it: who had its lease last, if anybody ever had. */
export interface SeenService {
  readonly service: string;
  readonly lease: Lease | undefined;
}

/** Nobody has taken the lease since, and its incident is not at work: what is decided now is not undermined. */
export function calm({ service, lease }: SeenService): Write[] {
  if (!lease) return [{ kind: 'check', key: keys.lease(service), when: 'absent' }];
  const same: When = { fence: [lease.fence], incident: [lease.incident] };
  return [
    { kind: 'check', key: keys.lease(service), when: same },
    { kind: 'check', key: keys.incident(lease.incident), when: { state: ['ended', 'closed'] } },
  ];
}

/** Lets promotion go on. */
export const liftHoldWrites = (seen: SeenService, hold: SeenHold, person: Person): Write[] => [
  {
    kind: 'update',
    key: keys.hold(seen.service),
    set: { state: 'lifted', liftedBy: person.by, liftedAt: person.at, liftedBecause: person.reason },
    when: { state: ['standing'], since: [hold.since] },
  },
  ...calm(seen),
];

/** Lets a value be served again, whether it was proven bad or only suspected. */
export const liftQuarantineWrites = (seen: SeenService, bad: Quarantine, person: Person): Write[] => [
  {
    kind: 'update',
    key: keys.quarantine(seen.service, bad.target, bad.value),
    set: { state: 'lifted', liftedBy: person.by, liftedAt: person.at, reason: person.reason },
    when: { state: [bad.state], since: [bad.since] },
  },
  ...calm(seen),
];

/** Says that somebody looks after it; the first one is kept. */
export const ackWrites = (incident: string, { by, at }: Person): Write[] => [
  { kind: 'put', key: keys.note(incident, 'ack'), item: { by, at }, when: 'absent' },
  {
    kind: 'check',
    key: keys.incident(incident),
    when: { state: ['running', 'closing', 'ended'] },
  },
];

/**
 * Closes an incident that waits for a person, unless an alarm joined since it was seen: its lease is free then.
 * @param unfinished its report did not get out yet, or whoever was called has to hear of it: the sweeper finds it still.
 */
export function closeWrites(
  { id, service, alarms }: Incident,
  { by, at, reason }: Person,
  unfinished: boolean,
): Write[] {
  const closed = { state: 'closed', closedBy: by, closedAt: at, closedBecause: reason };
  const writes: Write[] = [
    { kind: 'update', key: keys.incident(id), set: closed, when: { state: ['ended'], alarms: [alarms] } },
    {
      kind: 'update',
      key: keys.summary(service, id),
      set: { state: 'closed' },
      when: { state: ['ended'] },
    },
  ];
  return unfinished ? writes : [...writes, { kind: 'delete', key: keys.open(id) }];
}

/** Keeps a release as known good, while no incident is at work and no hold stands. */
export const recordWrites = (seen: SeenService, hold: SeenHold | undefined, baseline: Baseline): Write[] => [
  {
    kind: 'put',
    key: keys.baseline(seen.service, baseline.id),
    item: { ...baseline },
    when: 'absent',
  },
  {
    kind: 'check',
    key: keys.hold(seen.service),
    when: hold ? { state: ['lifted'], since: [hold.since] } : 'absent',
  },
  ...calm(seen),
];
