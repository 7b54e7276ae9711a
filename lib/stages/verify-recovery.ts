/** receipts --verify-recovery--> verdict: fresh datapoints only, three outcomes, looks that are planned. */
import { LONGEST_WAIT_SECONDS } from '../core/deadline.ts';
import { sentenceOf } from '../core/errors.ts';
import type { AttachedAlarm, Cursor, Incident } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import type { Plan } from '../core/plan.ts';
import { printable } from '../core/printable.ts';
import { rungCursor, startAt } from '../core/resume.ts';
import type { ArmedService } from '../core/service.ts';
import { type Receipt, switchOf, tookEffect } from '../core/step.ts';
import type { Look } from '../core/traffic.ts';
import {
  type AlarmReading,
  type Datapoint,
  freshFrom,
  type Judgement,
  judge,
  type VerdictRecord,
  type Watched,
  watchedBy,
} from '../core/verdict.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Levers } from '../ports/lever.ts';
import type { SignalReader } from '../ports/signal-reader.ts';
import { readServed, whatMoved } from './read-served.ts';
import { present, records, writeFenced } from './records.ts';
import { type SayPorts, sayOnce } from './say.ts';

export interface VerifyRecoveryPorts extends SayPorts {
  readonly ledger: Ledger;
  readonly levers: Levers;
  readonly signals: SignalReader;
  readonly clock: Clock;
}

export async function verifyRecovery(ports: VerifyRecoveryPorts, cursor: Cursor): Promise<Cursor> {
  const facts = await gather(ports, cursor);
  const ofRung = facts.receipts.filter((r) => r.rung === cursor.rung);
  // Mode lowered on the way: what is not settled does not stick, however well things look.
  if (ofRung.some((r) => r.outcome === 'withheld')) return { ...cursor, ...startAt('close', cursor.rung) };
  const { judgement, seen } = await look(ports, facts, cursor);
  if (judgement.kind === 'pending') {
    await keepLook(ports, cursor, seen);
    return pending(ports, cursor, judgement.lookAt);
  }
  const record: VerdictRecord = { ...judgement.record, rung: cursor.rung, alarmsSeen: facts.incident.alarms };
  await writeVerdict(ports, cursor, record);
  return after(facts, cursor, record);
}

interface Facts {
  readonly incident: Incident;
  readonly armed: ArmedService;
  readonly plan: Plan;
  readonly receipts: readonly Receipt[];
  readonly alarms: readonly AttachedAlarm[];
}

async function gather({ ledger }: VerifyRecoveryPorts, { incident: id }: Cursor): Promise<Facts> {
  const read = records(ledger);
  // The header first: an alarm that joins after it is one that closing has not counted.
  const incident = present(await read.incident(id), `incident ${id}`);
  const [armed, result, receipts, alarms] = await Promise.all([
    read.armed(id),
    read.plan(id),
    read.receipts(id),
    read.alarms(id),
  ]);
  const planned = present(result, `the plan of ${id}`);
  if (planned.outcome === 'refused') throw new Error(`Cannot verify ${id}: its plan was refused`);
  return {
    incident,
    armed: present(armed, `the armed service of ${id}`),
    plan: planned.plan,
    receipts,
    alarms,
  };
}

interface Looked {
  readonly judgement: Judgement;
  readonly seen: Look;
}

async function look(
  ports: VerifyRecoveryPorts,
  facts: Facts,
  { rung }: Pick<Cursor, 'rung'>,
): Promise<Looked> {
  const { armed, incident } = facts;
  const now = ports.clock.now();
  const counts = ({ phase, lever }: Receipt) => phase === 'apply' || lever === 'git';
  const effective = facts.receipts.filter((r) => counts(r) && r.rung <= rung && tookEffect(r));
  const switchAt = switchOf(facts.receipts.filter((r) => r.rung === rung));
  if (switchAt === undefined)
    return { judgement: nothingTookEffect(now), seen: { rung, at: now, served: [] } };
  const watched = watchedBy(
    armed,
    facts.alarms.map((a) => a.arn),
  );
  const [readings, served, alarms] = await Promise.all([
    readAll(ports, watched, { switchAt, now }),
    readServed(ports, armed, { steps: whatMoved(facts.plan, effective), moment: { switchAt, now } }),
    readAlarms(ports, facts),
  ]);
  const deadlineAt = incident.deadlineAt ?? now;
  const judgement = judge({ armed, now, switchAt, deadlineAt, watched, ...readings, served, alarms });
  return { judgement, seen: { rung, at: now, served } };
}

/** Who watches sees what was seen; of flags and aliases that is no more than their receipts say. */
async function keepLook({ ledger }: VerifyRecoveryPorts, cursor: Cursor, seen: Look): Promise<void> {
  if (!seen.served.some(({ workload, shares }) => workload ?? shares)) return;
  await writeFenced(ledger, cursor, [{ kind: 'put', key: keys.look(cursor.incident), item: { ...seen } }]);
}

/** Every step of the rung failed: nothing has changed for users, so the next rung is the fallback. */
const nothingTookEffect = (now: number): Judgement => ({
  kind: 'verdict',
  record: {
    verdict: 'not-recovered',
    judgedAt: now,
    switchAt: now,
    signals: [],
    served: [],
    alarms: [],
    reasons: ['no step of this rung took effect'],
  },
});

interface Readings {
  readonly datapoints: Record<string, readonly Datapoint[]>;
  readonly unreadable: Record<string, string>;
}

/** A signal that cannot be read is no datapoint, so it is never a pass (F47). */
async function readAll(
  ports: VerifyRecoveryPorts,
  watched: readonly Watched[],
  { switchAt, now }: { switchAt: number; now: number },
): Promise<Readings> {
  const readings: Readings = { datapoints: {}, unreadable: {} };
  const readOne = async ({ signal }: Watched) => {
    try {
      const from = freshFrom(signal, switchAt);
      readings.datapoints[signal.name] = from < now ? await ports.signals.datapoints(signal, from, now) : [];
    } catch (error) {
      readings.unreadable[signal.name] = printable(sentenceOf(error));
    }
  };
  await Promise.all(watched.map(readOne));
  return readings;
}

/** An alarm that cannot be read is not well either; the rung's budget bounds the wait. */
async function readAlarms(ports: VerifyRecoveryPorts, { armed, alarms }: Facts): Promise<AlarmReading[]> {
  const attached = armed.alarms.filter((alarm) => alarms.some((a) => a.arn === alarm.arn));
  if (attached.length === 0) return [];
  try {
    return await ports.signals.alarms(attached);
  } catch {
    const since = ports.clock.now();
    return attached.map(({ arn }) => ({ arn, state: 'UNKNOWN', since, windowSeconds: 0 }));
  }
}

/** Seconds are whole for `Wait`; past the goal somebody hears of it while the work goes on. */
async function pending(ports: VerifyRecoveryPorts, cursor: Cursor, lookAt: number): Promise<Cursor> {
  await tellIfLate(ports, cursor.incident);
  const seconds = Math.ceil((lookAt - ports.clock.now()) / 1000);
  return { ...cursor, next: 'wait', waitSeconds: Math.min(LONGEST_WAIT_SECONDS, Math.max(1, seconds)) };
}

/** Pages "late" once when the goal has passed; the deadline is what stops the work. */
export async function tellIfLate(ports: SayPorts, id: string): Promise<void> {
  const read = records(ports.ledger);
  const [incident, armed] = await Promise.all([read.incident(id), read.armed(id)]);
  if (!incident || !armed) return;
  const since =
    incident.trigger.kind === 'alarm' ? Math.min(incident.trigger.at, incident.openedAt) : incident.openedAt;
  const { goalSeconds, call } = armed.service.runbook;
  if (ports.clock.now() < since + goalSeconds * 1000) return;
  await sayOnce(ports, {
    incident: id,
    service: incident.service,
    what: 'late',
    urgency: 'page',
    subject: `${incident.service}: rollback is late`,
    text: `${id} is past its goal of ${goalSeconds} s and goes on until its deadline. Watch it: reinstate watch ${id}`,
    call,
  });
}

async function writeVerdict(
  ports: VerifyRecoveryPorts,
  cursor: Cursor,
  record: VerdictRecord,
): Promise<void> {
  const key = keys.verdict(cursor.incident, cursor.rung, record.judgedAt);
  await writeFenced(ports.ledger, cursor, [{ kind: 'put', key, item: { ...record } }]);
}

/** Only not-recovered climbs; a deadline that has passed begins no further rung. */
function after({ plan, incident }: Facts, cursor: Cursor, record: VerdictRecord): Cursor {
  const inTime = record.judgedAt < (incident.deadlineAt ?? 0);
  if (record.verdict === 'not-recovered' && inTime)
    return { ...cursor, ...rungCursor(plan, cursor.rung + 1) };
  return { ...cursor, ...startAt('close', cursor.rung) };
}
