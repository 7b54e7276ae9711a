/** One execution wins the lease and opens the incident; every other one attaches its alarm and ends. */
import { createHash } from 'node:crypto';
import { LONGEST_DEADLINE_SECONDS } from '../core/deadline.ts';
import { IncidentClosing } from '../core/errors.ts';
import { type AttachedAlarm, type Cursor, type Incident, incidentId } from '../core/incident.ts';
import { attachWrites, isExecution, type Lease, openWrites } from '../core/lease.ts';
import { furthestRung, startAt } from '../core/resume.ts';
import type { Trigger } from '../core/trigger.ts';
import type { Clock } from '../ports/clock.ts';
import type { ExecutionStatus, Executions } from '../ports/executions.ts';
import type { Ledger } from '../ports/ledger.ts';
import { records } from './records.ts';
import { type SayPorts, sayOnce } from './say.ts';

export interface LeasePorts extends SayPorts {
  readonly ledger: Ledger;
  readonly executions: Executions;
  readonly clock: Clock;
}

/** Who asks for the lease, and why. */
export interface Contender {
  readonly trigger: Incident['trigger'];
  readonly service: string;
  readonly environment: string;
  readonly execution: string;
}

export type Taken =
  | { readonly outcome: 'won'; readonly incident: Incident; readonly lease: Lease }
  | { readonly outcome: 'lost'; readonly cursor: Cursor };

/** Contenders that arrive together move the lease under each other's eyes; each round one of them wins. */
const ROUNDS = 5;

/** @throws IncidentClosing when the incident is ending at this very moment: its state retries. */
export async function takeOrAttach(ports: LeasePorts, contender: Contender): Promise<Taken> {
  for (let round = 0; round < ROUNDS; round++) {
    const taken = await oneRound(ports, contender);
    if (taken) return taken;
  }
  throw new IncidentClosing(
    `Cannot settle who owns "${contender.service}" in ${ROUNDS} rounds; asking again`,
  );
}

async function oneRound(ports: LeasePorts, contender: Contender): Promise<Taken | undefined> {
  const read = records(ports.ledger);
  const held = await heldElsewhere(ports, contender);
  if (held) return lost(held, contender);
  const lease = await read.lease(contender.service);
  if (!lease) return open(ports, contender, undefined);
  const incident = await read.incident(lease.incident);
  if (incident && lease.owner === contender.execution) return { outcome: 'won', incident, lease };
  if (!incident || incident.state === 'closed') return openAfter(ports, contender, lease);
  if (incident.state === 'closing') throw new IncidentClosing(`Cannot join "${incident.id}": it is closing`);
  return attach(ports, contender, incident);
}

/** An incident that holds this very transition of the alarm already. */
async function heldElsewhere({ ledger }: LeasePorts, { trigger, execution, service }: Contender) {
  const alarm = alarmOf(trigger, 0);
  if (!alarm) return undefined;
  const held = await records(ledger).transition(alarm.arn, alarm.at);
  if (!held) return undefined;
  const lease = await records(ledger).lease(service);
  return lease?.owner === execution && lease.incident === held.incident ? undefined : held.incident;
}

/** A closed incident gives its lease away, but not while its execution may still be at work. */
async function openAfter(ports: LeasePorts, contender: Contender, lease: Lease): Promise<Taken | undefined> {
  if ((await statusOfOwner(ports, lease)) === 'running') {
    throw new IncidentClosing(
      `Cannot open an incident for "${lease.service}": "${lease.incident}" has just closed`,
    );
  }
  return open(ports, contender, lease);
}

/** DescribeExecution is eventually consistent: for this long it may not know an execution that runs. */
const KNOWN_AFTER_MS = 60_000;

/** How the execution that owns the lease fares. An owner that is none is the sweeper, who has given up. */
export async function statusOfOwner(
  { executions, clock }: Pick<LeasePorts, 'executions' | 'clock'>,
  { owner, takenAt }: Lease,
): Promise<ExecutionStatus> {
  if (!isExecution(owner)) return 'failed';
  const status = await executions.status(owner);
  return status === 'unknown' && clock.now() - takenAt < KNOWN_AFTER_MS ? 'running' : status;
}

async function open(
  ports: LeasePorts,
  contender: Contender,
  seen: Lease | undefined,
): Promise<Taken | undefined> {
  const { service, execution, trigger } = contender;
  const now = ports.clock.now();
  const id = incidentId(service, now, createHash('sha256').update(execution).digest('hex'));
  const lease = { service, fence: (seen?.fence ?? 0) + 1, owner: execution, incident: id, takenAt: now };
  const incident: Incident = {
    id,
    service,
    environment: contender.environment,
    state: 'running',
    openedAt: now,
    trigger,
    dryRun: isDryRun(trigger),
    alarms: trigger.kind === 'person' ? 0 : 1,
    takeovers: 0,
    deadlineAt: now + LONGEST_DEADLINE_SECONDS * 1000,
  };
  const result = await ports.ledger.write(openWrites(seen, lease, incident));
  return result.outcome === 'written' ? { outcome: 'won', incident, lease } : undefined;
}

async function attach(
  ports: LeasePorts,
  contender: Contender,
  incident: Incident,
): Promise<Taken | undefined> {
  const { trigger } = contender;
  if (incident.dryRun && incident.state === 'running' && !isDryRun(trigger)) {
    throw new IncidentClosing(`Cannot join "${incident.id}": it is a dry run, and is over in a moment`);
  }
  if (await mayBeRefused(ports, contender, incident)) {
    throw new IncidentClosing(
      `Cannot join "${incident.id}": whether what a person asked for can be done is not known yet`,
    );
  }
  // Told before it is written: a crash in between tells again, never not at all.
  if (incident.state === 'ended') await tellOfEnded(ports, contender, incident);
  const alarm = alarmOf(trigger, ports.clock.now());
  if (alarm) {
    const result = await ports.ledger.write(attachWrites(incident.id, alarm));
    if (result.outcome === 'conflict') return undefined;
  }
  return lost(incident.id, contender);
}

/**
 * A plan that is stale, or an aim that cannot be followed, is refused where an alarm alone has a plan: none joins
 * before a rung of it was begun. Until then a retry or a takeover plans again, and may refuse what was planned before.
 */
async function mayBeRefused({ ledger }: LeasePorts, by: Contender, { id, state, trigger }: Incident) {
  if (by.trigger.kind === 'person' || state !== 'running') return false;
  if (trigger.kind !== 'person' || (trigger.plan === undefined && trigger.to === undefined)) return false;
  const read = records(ledger);
  const [attempts, receipts] = await Promise.all([read.attempts(id), read.receipts(id)]);
  return furthestRung([...attempts, ...receipts].map(({ step }) => step)) === 0;
}

const isDryRun = (trigger: Contender['trigger']): boolean => trigger.kind === 'person' && trigger.dryRun;

/** Nothing acts for an incident that people have taken over; they have to hear of it. */
async function tellOfEnded(
  ports: LeasePorts,
  { service, trigger, execution }: Contender,
  incident: Incident,
): Promise<void> {
  // A question wakes nobody; who asked it sees the incident.
  if (isDryRun(trigger)) return;
  const armed = await records(ports.ledger).armed(incident.id);
  const what = trigger.kind === 'person' ? 'a start by a person' : `alarm ${trigger.alarmArn}`;
  await sayOnce(ports, {
    incident: incident.id,
    service,
    what: `joined-${trigger.kind === 'person' ? execution : `${trigger.at}-${trigger.alarmArn}`}`,
    urgency: 'page',
    subject: `${service}: ${incident.id} is still open and something joined it`,
    text: `${incident.id} ended ${incident.ending ?? ''} and waits for a person; ${what} joined it. Nothing acts until it is closed: reinstate incidents close ${incident.id}`,
    call: armed?.service.runbook.call ?? [],
  });
}

function alarmOf(trigger: Trigger, joinedAt: number): AttachedAlarm | undefined {
  if (trigger.kind !== 'alarm' && trigger.kind !== 'red-alarm') return undefined;
  return { arn: trigger.alarmArn, at: trigger.at, joinedAt };
}

const lost = (incident: string, { service }: Contender): Taken => ({
  outcome: 'lost',
  cursor: { incident, service, fence: 0, ...startAt('done', 0) },
});
