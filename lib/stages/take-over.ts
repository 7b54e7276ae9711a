/** The sweeper's execution takes an incident over from its receipts: once, with fence + 1, after every `actUntil`. */
import { StepStillRunning } from '../core/errors.ts';
import type { Cursor, Incident } from '../core/incident.ts';
import { isExecution, type Lease, MARGIN_SECONDS, takeoverWrites } from '../core/lease.ts';
import { resumeAt, startAt } from '../core/resume.ts';
import { type PreparePorts, prepare } from './prepare-incident.ts';
import { records } from './records.ts';
import { type LeasePorts, statusOfOwner } from './take-lease.ts';

/** Who takes over what. */
export interface Successor {
  readonly incident: string;
  readonly execution: string;
}

type Ports = LeasePorts & PreparePorts;

/** How soon the state asks again after the status of an execution. */
const LOOK_AGAIN_MS = 5000;

export async function takeOver(ports: Ports, { incident: id, execution }: Successor): Promise<Cursor> {
  const nothing = { incident: id, service: '', fence: 0, ...startAt('done', 0) };
  const read = records(ports.ledger);
  const service = (await read.incident(id))?.service;
  const lease = service === undefined ? undefined : await read.lease(service);
  // Its header after the lease: who took it over between the two readings is counted.
  const incident = await read.incident(id);
  if (!incident || !lease || lease.incident !== id) return nothing;
  if (lease.owner === execution) return resume(ports, incident, lease);
  if (!(await mayTakeOver(ports, incident, lease))) return nothing;
  const written = await ports.ledger.write(
    takeoverWrites(lease, { owner: execution, now: ports.clock.now() }),
  );
  if (written.outcome === 'conflict') return nothing;
  return resume(ports, incident, { ...lease, owner: execution, fence: lease.fence + 1 });
}

/** Once, and only from an execution that failed: a person's stop is a person's will. */
async function mayTakeOver(ports: Ports, incident: Incident, lease: Lease): Promise<boolean> {
  if (incident.state !== 'running' && incident.state !== 'closing') return false;
  if (incident.takeovers > 0 || !isExecution(lease.owner)) return false;
  const status = await statusOfOwner(ports, lease);
  if (status === 'aborted') return false;
  if (status === 'running') throw stillRunning(ports, incident.id);
  await waitUntilIdle(ports, incident.id);
  return true;
}

/** The sweeper saw it end, and DescribeExecution is eventually consistent: to give up here would lose the incident. */
const stillRunning = ({ clock }: Ports, incident: string): StepStillRunning =>
  new StepStillRunning(
    `Cannot take "${incident}" over yet: its execution still reads as running`,
    clock.now() + LOOK_AGAIN_MS,
  );

/**
 * A takeover asks every 5 s, so it often comes right at `actUntil`: a clock that is fast would come before it. It waits
 * the margin once more, 60 s at most after the longest function began; its state asks for 65 s.
 */
async function waitUntilIdle(ports: Ports, incident: string): Promise<void> {
  const busyUntil = (await lastActUntil(ports, incident)) + MARGIN_SECONDS * 1000;
  if (ports.clock.now() >= busyUntil) return;
  throw new StepStillRunning(`Cannot take "${incident}" over yet: a step may still be writing`, busyUntil);
}

/** Until when any attempt of the incident may still be writing. */
export async function lastActUntil({ ledger }: Pick<Ports, 'ledger'>, incident: string): Promise<number> {
  const attempts = await records(ledger).attempts(incident);
  return Math.max(0, ...attempts.map((attempt) => attempt.actUntil));
}

async function resume(ports: Ports, incident: Incident, lease: Lease): Promise<Cursor> {
  // Once more under the new fence: a step may have been announced between the first look and the takeover (I4).
  await waitUntilIdle(ports, incident.id);
  const read = records(ports.ledger);
  const [plan, attempts, receipts, verdicts] = await Promise.all([
    read.plan(incident.id),
    read.attempts(incident.id),
    read.receipts(incident.id),
    read.verdicts(incident.id),
  ]);
  const begun = [...attempts, ...receipts].map(({ step }) => step);
  // Before anything was begun, whether it may begin is asked again: the crash may have come before the answer.
  if (begun.length === 0 || incident.state !== 'running') return prepare(ports, incident, lease);
  const planned = plan?.outcome === 'planned' ? plan.plan : undefined;
  const cursor = { incident: incident.id, service: lease.service, fence: lease.fence };
  return { ...cursor, ...resumeAt(planned, begun, verdicts) };
}
