/** What becomes of an incident whose execution ended before it did. */
import type { Ending, Incident } from '../core/incident.ts';
import { closesAtOnce, stamp } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import { closeForWrites, type Lease, takeoverWrites } from '../core/lease.ts';
import { startAt } from '../core/resume.ts';
import type { IncidentTimes } from '../core/times.ts';
import type { Key, Write } from '../core/write.ts';
import type { ExecutionStatus, Executions } from '../ports/executions.ts';
import { type CloseIncidentPorts, closeIncident } from './close-incident.ts';
import { gatherEvidence, pagesOf } from './closing-report.ts';
import { publishEnding } from './publish-ending.ts';
import { type OpenPointer, records } from './records.ts';
import { sayOnce } from './say.ts';
import { statusOfOwner } from './take-lease.ts';
import { lastActUntil } from './take-over.ts';
import { tellIfLate } from './verify-recovery.ts';

export type TendPorts = CloseIncidentPorts & { readonly executions: Executions };

const DAY_MS = 86_400_000;
/** A close that began at the deadline may take this long before anybody is called for it. */
const CLOSE_GRACE_MS = 30_000;
/** CloudWatch evaluates an alarm this much after its window is well. */
const ALARM_DELAY_MS = 60_000;
/** A takeover that died before it owned the lease leaves its name used up: the next has another. */
const TAKEOVER_EVERY_MS = 120_000;

export async function tendIncident(ports: TendPorts, listed: OpenPointer): Promise<void> {
  const read = records(ports.ledger);
  const [incident, lease] = await Promise.all([read.incident(listed.incident), read.lease(listed.service)]);
  if (!incident) return;
  if (incident.state === 'closed' || incident.state === 'ended') return tendEnded(ports, incident);
  if (lease?.incident !== incident.id) return;
  const status = await statusOfOwner(ports, lease);
  return status === 'running' ? watchOver(ports, incident) : takeCare(ports, { incident, lease, status });
}

/** It may have ended since the pointers were listed: what did not get out then stands in the pointer of now. */
async function tendEnded(ports: TendPorts, incident: Incident): Promise<void> {
  const pointer = (await ports.ledger.get(keys.open(incident.id))) as OpenPointer | undefined;
  if (!pointer) return;
  if (incident.state === 'closed') return tendClosed(ports, incident, pointer);
  await publishAgain(ports, incident, pointer);
  await remind(ports, incident);
}

/** Its machine's own timeout ends it; until then people know. */
async function watchOver(ports: TendPorts, incident: Incident): Promise<void> {
  await tellIfLate(ports, incident.id);
  if (ports.clock.now() < (incident.deadlineAt ?? Number.POSITIVE_INFINITY) + CLOSE_GRACE_MS) return;
  await page(ports, incident, {
    what: 'past-deadline',
    subject: `${incident.service}: past the deadline and still running`,
    text: `${incident.id} begins nothing more; it is being closed. Look at it: reinstate watch ${incident.id}`,
  });
}

interface Care {
  readonly incident: Incident;
  readonly lease: Lease;
  readonly status: ExecutionStatus;
}

/**
 * A person's stop is closed as such; a failure is taken over once, from the receipts; the rest is for people. A takeover
 * is started at once: it waits for every `actUntil` itself, and need not wait for the next sweep as well.
 */
async function takeCare(ports: TendPorts, { incident, lease, status }: Care): Promise<void> {
  const now = ports.clock.now();
  const inTime = now < (incident.deadlineAt ?? Number.POSITIVE_INFINITY);
  if (status !== 'aborted' && inTime && incident.takeovers === 0) {
    const attempt = Math.floor((now - incident.openedAt) / TAKEOVER_EVERY_MS);
    await ports.executions.start(`${incident.id}-takeover-${attempt}`, { incident: incident.id });
    return;
  }
  if (now < (await lastActUntil(ports, incident.id))) return;
  if (status === 'aborted')
    return closeAs(ports, { incident, lease, ending: 'cancelled', why: 'a person stopped the execution' });
  const why = inTime ? 'its execution failed twice' : `its execution ${status} and the deadline has passed`;
  return closeAs(ports, { incident, lease, ending: 'escalated', why });
}

interface End extends Omit<Care, 'status'> {
  readonly ending: Ending;
  readonly why: string;
}

/** The sweeper takes the lease, so that whoever wakes up late is fenced off, and closes the incident itself. */
async function closeAs(ports: TendPorts, { incident, lease, ending, why }: End): Promise<void> {
  const now = ports.clock.now();
  const by = { owner: `sweeper-${stamp(now)}`, now };
  const reasons = [...(incident.reasons ?? []), why];
  const writes =
    incident.state === 'closing'
      ? takeoverWrites(lease, by)
      : closeForWrites(lease, { ...by, ending, reasons });
  if ((await ports.ledger.write(writes)).outcome === 'conflict') return;
  // Announced between the look before and the takeover (I4): the next sweep closes it.
  if (now < (await lastActUntil(ports, incident.id))) return;
  const { service, fence } = lease;
  await closeIncident(ports, { incident: incident.id, service, fence: fence + 1, ...startAt('close', 0) });
}

/** A closed incident is done with once its ending is out and its alarms were looked at again. */
async function tendClosed(ports: TendPorts, incident: Incident, pointer: OpenPointer): Promise<void> {
  await publishAgain(ports, incident, pointer);
  await tellClosed(ports, incident);
  const { lookAgainAt } = pointer;
  if (lookAgainAt !== undefined && ports.clock.now() < lookAgainAt + ALARM_DELAY_MS) return;
  if (lookAgainAt !== undefined) await lookAgain(ports, incident);
  await ports.ledger.write([{ kind: 'delete', key: keys.open(incident.id) }]);
}

/** A person closed it: whoever was called hears that it is over. */
async function tellClosed(ports: TendPorts, incident: Incident): Promise<void> {
  const { id, service, ending } = incident;
  if (!ending || closesAtOnce(ending)) return;
  if ((await pagesOf(ports, id)).every(({ urgency }) => urgency !== 'page')) return;
  const armed = await records(ports.ledger).armed(id);
  await sayOnce(ports, {
    incident: id,
    service,
    what: 'closed',
    urgency: 'notification',
    subject: `${service}: ${id} is closed`,
    text: `${id} ended ${ending}, and a person closed it`,
    event: 'over',
    call: armed?.service.runbook.call ?? [],
  });
}

/** What did not get out when it ended. @throws while it still does not: the heartbeat stops, and that is heard. */
async function publishAgain(ports: TendPorts, incident: Incident, pointer: OpenPointer): Promise<void> {
  const { unfinished, ...finished } = pointer;
  const { ending } = incident;
  if (!unfinished || !ending) return;
  const evidence = await gatherEvidence(ports, { ...incident, ending });
  const { reportUrl, times, problems } = await publishEnding(ports, {
    ...evidence,
    fence: unfinished.fence,
  });
  if (problems.length > 0) throw new Error(problems.join('; '));
  const { id, service, state } = incident;
  await ports.ledger.write([
    { kind: 'update', key: keys.incident(id), set: { reportUrl }, when: { state: [state] } },
    ...(times ? [setTimes(keys.summary(service, id), times)] : []),
    { kind: 'put', key: keys.open(id), item: finished },
  ]);
}

const setTimes = (key: Key, times: IncidentTimes): Write => ({
  kind: 'update',
  key,
  set: { times },
  when: { state: ['ended', 'closed'] },
});

/** Alarms that were still red when it recovered, because their window reached back before the switch. */
async function lookAgain(ports: TendPorts, incident: Incident): Promise<void> {
  const read = records(ports.ledger);
  const [armed, attached] = await Promise.all([read.armed(incident.id), read.alarms(incident.id)]);
  const ours = armed?.alarms.filter((alarm) => attached.some((a) => a.arn === alarm.arn)) ?? [];
  const red = (await ports.signals.alarms(ours)).filter((reading) => reading.state === 'ALARM');
  if (red.length > 0) {
    await page(ports, incident, {
      what: 'still-red',
      subject: `${incident.service}: recovered, but an alarm is still red`,
      text: `${incident.id} recovered by its datapoints; ${red.map((r) => r.arn).join(', ')} is still in ALARM after its own window`,
    });
  }
}

/** Once a day, until somebody closes it. */
async function remind(ports: TendPorts, incident: Incident): Promise<void> {
  const days = Math.floor((ports.clock.now() - (incident.endedAt ?? incident.openedAt)) / DAY_MS);
  if (days < 1) return;
  await page(ports, incident, {
    what: `reminder-${days}`,
    subject: `${incident.service}: ${incident.id} is still open`,
    text: `${incident.id} ended ${incident.ending ?? ''} ${days} d ago. Close it: reinstate incidents close ${incident.id}`,
  });
}

async function page(
  ports: TendPorts,
  incident: Incident,
  words: { what: string; subject: string; text: string },
) {
  const armed = await records(ports.ledger).armed(incident.id);
  const call = armed?.service.runbook.call ?? [];
  await sayOnce(ports, { ...words, incident: incident.id, service: incident.service, urgency: 'page', call });
}
