/** verdict --close-incident--> closing report. Every ending of an incident passes here, and only one of many gets in. */
import type { Cursor, Ending, Incident } from '../core/incident.ts';
import { closesAtOnce, endingOf } from '../core/incident.ts';
import { closingWrites, endWrites, type Lease } from '../core/lease.ts';
import { startAt } from '../core/resume.ts';
import type { Receipt } from '../core/step.ts';
import { printable } from '../core/trigger.ts';
import type { VerdictRecord } from '../core/verdict.ts';
import { type EvidencePorts, gatherEvidence, writeReport } from './closing-report.ts';
import { type QuarantinePorts, quarantineRemoved } from './quarantine-removed.ts';
import { present, records, unlessFenceLost } from './records.ts';
import { tellEnding } from './tell-ending.ts';

export type CloseIncidentPorts = EvidencePorts & QuarantinePorts;

/** What Step Functions' Catch adds: the error's name and cause. */
export interface Caught {
  readonly error?: { readonly Error?: string; readonly Cause?: string };
}

/** Alarms that join while it closes make it count again; each round is one more of them. */
const ROUNDS = 10;

export async function closeIncident(ports: CloseIncidentPorts, cursor: Cursor & Caught): Promise<Cursor> {
  const read = records(ports.ledger);
  const lease: Lease = {
    service: cursor.service,
    fence: cursor.fence,
    incident: cursor.incident,
    owner: '',
    takenAt: 0,
  };
  for (let round = 0; round < ROUNDS; round++) {
    const incident = present(await read.incident(cursor.incident), `incident ${cursor.incident}`);
    if (incident.state === 'ended' || incident.state === 'closed') return done(cursor);
    const ending =
      incident.state === 'closing' ? incident.ending : await begin(ports, { cursor, lease, incident });
    if (ending === 'verify') return { ...cursor, ...startAt('verify', cursor.rung) };
    if (ending) return finish(ports, { cursor, lease, incident: { ...incident, ending }, ending });
  }
  throw new Error(`Cannot close ${cursor.incident}: alarms kept joining`);
}

const done = (cursor: Cursor): Cursor => ({ ...cursor, ...startAt('done', cursor.rung) });

interface Closing {
  readonly cursor: Cursor & Caught;
  readonly lease: Lease;
  readonly incident: Incident;
}

/** Chooses the ending and takes the door; nothing when an alarm joined meanwhile, `verify` when that one is not judged. */
async function begin(
  ports: CloseIncidentPorts,
  { cursor, lease, incident }: Closing,
): Promise<Ending | 'verify' | undefined> {
  const read = records(ports.ledger);
  const [verdicts, receipts, plan] = await Promise.all([
    read.verdicts(incident.id),
    read.receipts(incident.id),
    read.plan(incident.id),
  ]);
  const movedAll =
    plan?.outcome === 'planned' && plan.plan.differences.every((d) => wasMoved(receipts, d.target));
  const last = latest(verdicts);
  const ending = cursor.ending ?? (cursor.error ? 'escalated' : endingOf(verdicts, receipts, movedAll));
  if (ending === 'recovered' && last && last.alarmsSeen !== incident.alarms) return 'verify';
  const result = await ports.ledger.write(
    closingWrites(lease, { alarms: incident.alarms, ending, reasons: reasonsOf(cursor, incident, last) }),
  );
  return unlessFenceLost(result, cursor).outcome === 'written' ? ending : undefined;
}

const latest = (verdicts: readonly VerdictRecord[]): VerdictRecord | undefined => verdicts.at(-1);

const wasMoved = (receipts: readonly Receipt[], target: string): boolean =>
  receipts.some((r) => r.target === target && (r.outcome === 'applied' || r.outcome === 'already'));

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

async function finish(ports: CloseIncidentPorts, closing: Closing & { ending: Ending }): Promise<Cursor> {
  const { cursor, lease, incident, ending } = closing;
  const quarantined = await quarantineRemoved(ports, cursor, ending);
  const evidence = await gatherEvidence(ports, { ...incident, ending, endedAt: ports.clock.now() });
  const reportUrl = await writeReport(ports, {
    ...evidence,
    quarantined,
    pages: [...evidence.pages, ...(await tellEnding(ports, { ...evidence, cursor }))],
    fence: cursor.fence,
  });
  const state = closesAtOnce(ending) ? 'closed' : 'ended';
  const lookAgainAt = latest(evidence.verdicts)?.lookAgainAt;
  const ended = {
    state,
    ending,
    endedAt: evidence.now,
    reportUrl,
    ...(lookAgainAt && { lookAgainAt }),
  } as const;
  const result = await ports.ledger.write(endWrites(lease, ended));
  unlessFenceLost(result, cursor);
  return done(cursor);
}
