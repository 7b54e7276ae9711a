/** verdict --close-incident--> closing report. Every ending of an incident passes here, and only one of many gets in. */
import { buildReport } from '../core/build-report.ts';
import { FenceLost } from '../core/errors.ts';
import type { Cursor, Incident } from '../core/incident.ts';
import { closesAtOnce, endingOf } from '../core/incident.ts';
import { type Closing, closingWrites, endWrites } from '../core/lease.ts';
import { incidentMeasurements } from '../core/metrics.ts';
import { printable } from '../core/printable.ts';
import { startAt } from '../core/resume.ts';
import type { VerdictRecord } from '../core/verdict.ts';
import type { Meter } from '../ports/meter.ts';
import { type EvidencePorts, gatherEvidence } from './closing-report.ts';
import { type Remaining, WHOLE_TIME } from './may-act.ts';
import { publishEnding } from './publish-ending.ts';
import { type QuarantinePorts, quarantineRemoved } from './quarantine-removed.ts';
import { present, records, unlessFenceLost } from './records.ts';

export type CloseIncidentPorts = EvidencePorts & QuarantinePorts & { readonly meter: Meter };

/** What Step Functions' Catch adds: the error's name and cause. */
export interface Caught {
  readonly error?: { readonly Error?: string; readonly Cause?: string };
}

/** Alarms that join while it closes make it count again; each round is one more of them. */
const ROUNDS = 10;

export async function closeIncident(
  ports: CloseIncidentPorts,
  cursor: Cursor & Caught,
  worker: Remaining = WHOLE_TIME,
): Promise<Cursor> {
  const read = records(ports.ledger);
  for (let round = 0; round < ROUNDS; round++) {
    const incident = present(await read.incident(cursor.incident), `incident ${cursor.incident}`);
    if (incident.state === 'ended' || incident.state === 'closed') return done(cursor);
    if (incident.state === 'closing') return finish(ports, cursor, { incident, worker });
    const begun = await begin(ports, cursor, incident);
    if (begun === 'verify') return { ...cursor, ...startAt('verify', cursor.rung) };
    if (begun) return finish(ports, cursor, { incident: { ...incident, ...begun }, worker });
  }
  throw new Error(`Cannot close ${cursor.incident}: alarms kept joining`);
}

const done = (cursor: Cursor): Cursor => ({ ...cursor, ...startAt('done', cursor.rung) });

/** Chooses the ending and takes the door; nothing when an alarm joined meanwhile, `verify` when that one is not judged. */
async function begin(
  ports: CloseIncidentPorts,
  cursor: Cursor & Caught,
  incident: Incident,
): Promise<Closing | 'verify' | undefined> {
  const read = records(ports.ledger);
  const [verdicts, receipts, plan] = await Promise.all([
    read.verdicts(incident.id),
    read.receipts(incident.id),
    read.plan(incident.id),
  ]);
  const planned = plan?.outcome === 'planned' ? plan.plan : undefined;
  const last = verdicts.at(-1);
  const ending = cursor.ending ?? (cursor.error ? 'escalated' : endingOf(verdicts, receipts, planned));
  if (ending === 'recovered' && last && last.alarmsSeen !== incident.alarms) return 'verify';
  const closing = { ending, reasons: reasonsOf(cursor, incident, last) };
  const result = await ports.ledger.write(closingWrites(cursor, { ...closing, alarms: incident.alarms }));
  return unlessFenceLost(result, cursor).outcome === 'written' ? closing : undefined;
}

/** Why it ended so, in sentences; an outside error is bounded and printable. */
function reasonsOf(
  { error }: Caught,
  incident: Incident,
  last: VerdictRecord | undefined,
): readonly string[] {
  const failure = error ? [`${error.Error ?? 'Error'}: ${printable(messageOf(error.Cause ?? ''))}`] : [];
  return [...(incident.reasons ?? []), ...failure, ...(last?.reasons ?? [])];
}

/** Lambda's Cause is JSON with the message inside; anything else is taken as it is. */
function messageOf(cause: string): string {
  try {
    const parsed: unknown = JSON.parse(cause);
    const message =
      typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed ? parsed.errorMessage : cause;
    return String(message);
  } catch {
    return cause;
  }
}

/** From here on nothing outside may keep it from ending: what does not get out is tried again by the sweeper. */
async function finish(
  ports: CloseIncidentPorts,
  cursor: Cursor,
  { incident, worker }: { readonly incident: Incident; readonly worker: Remaining },
): Promise<Cursor> {
  const { ending } = incident;
  if (!ending) throw new Error(`Cannot close ${incident.id}: it has no ending`);
  if ((await records(ports.ledger).lease(cursor.service))?.fence !== cursor.fence) {
    throw new FenceLost(`Cannot close "${incident.id}": fence ${cursor.fence} is no longer the lease's`);
  }
  await quarantineRemoved(ports, { ...cursor, ending }, worker);
  // Not before it began, whatever this clock says (F60): the cooldown counts from here.
  const endedAt = Math.max(ports.clock.now(), incident.openedAt);
  const evidence = await gatherEvidence(ports, { ...incident, ending, endedAt });
  const { reportUrl, times, problems } = await publishEnding(ports, { ...evidence, fence: cursor.fence });
  const lookAgainAt = evidence.verdicts.at(-1)?.lookAgainAt;
  const writes = endWrites(cursor, {
    state: closesAtOnce(ending) ? 'closed' : 'ended',
    ending,
    endedAt,
    ...(reportUrl !== undefined && { reportUrl }),
    ...(times && { times }),
    ...(lookAgainAt !== undefined && { lookAgainAt }),
    unfinished: problems.length > 0,
  });
  const { outcome } = unlessFenceLost(await ports.ledger.write(writes), cursor);
  // Only whoever ended it counts it: a retry, or another who closed it at once, finds it ended.
  if (outcome === 'written') ports.meter.record(() => incidentMeasurements(buildReport(evidence), endedAt));
  return done(cursor);
}
