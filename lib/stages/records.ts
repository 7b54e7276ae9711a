/** Reads and writes of an incident's records, for every stage. Shapes are those of lib/core; keys are in core/keys. */

import type { AddressNote } from '../core/cluster-addresses.ts';
import type { Acknowledged } from '../core/desk.ts';
import { FenceLost } from '../core/errors.ts';
import type { AttachedAlarm, Incident, IncidentSummary } from '../core/incident.ts';
import { keys, prefixes } from '../core/keys.ts';
import { fenced, type Lease } from '../core/lease.ts';
import type { PlanResult } from '../core/plan.ts';
import type { Baseline, Quarantine } from '../core/release.ts';
import type { ArmedService } from '../core/service.ts';
import type { Observation, Receipt } from '../core/step.ts';
import type { VerdictRecord } from '../core/verdict.ts';
import type { Attributes, Key, Write } from '../core/write.ts';
import type { Ledger, WriteResult } from '../ports/ledger.ts';

/** A hold: promotion of the service is stopped until a person lifts it. */
export interface Hold {
  readonly state: 'standing' | 'lifted';
  readonly incident: string;
  readonly since: number;
  readonly reason: string;
  readonly liftedBy?: string;
  readonly liftedAt?: number;
}

/** An attempt of a step (marks have no `before`): until when its function may be writing. */
export interface Attempt {
  readonly step: string;
  readonly actUntil: number;
  readonly fence: number;
  /** When the first attempt began, epoch ms. */
  readonly since?: number;
  /** What stood there when the first attempt began: a later one finds its own work. */
  readonly before: Observation;
}

/** What the note of an incident is called that says which clusters EKS would not tell of. */
export const ADDRESS_NOTE = 'cluster-addresses';

/** Typed readings of the ledger; items are only ever written by the stages and the command line. */
export function records(ledger: Ledger) {
  const get = async <T>(key: Key) => (await ledger.get(key)) as T | undefined;
  const list = async <T>(pk: string, prefix: string) => (await ledger.list(pk, prefix)) as unknown as T[];
  const ofIncident = <T>(id: string, prefix: string) => list<T>(`incident#${id}`, prefix);
  const ofService = <T>(service: string, prefix: string) => list<T>(`service#${service}`, prefix);
  return {
    lease: (service: string) => get<Lease>(keys.lease(service)),
    hold: (service: string) => get<Hold>(keys.hold(service)),
    incident: (id: string) => get<Incident>(keys.incident(id)),
    armed: (id: string) => get<ArmedService>(keys.armed(id)),
    plan: (id: string) => get<PlanResult>(keys.plan(id)),
    attempt: (id: string, step: string) => get<Attempt>(keys.attempt(id, step)),
    receipt: (id: string, step: string) => get<Receipt>(keys.receipt(id, step)),
    attempts: (id: string) => ofIncident<Attempt>(id, prefixes.attempt),
    receipts: async (id: string) => byTime(await ofIncident<Receipt>(id, prefixes.receipt)),
    verdicts: (id: string) => ofIncident<VerdictRecord>(id, prefixes.verdict),
    alarms: (id: string) => ofIncident<AttachedAlarm>(id, prefixes.alarm),
    addresses: (id: string) => get<AddressNote>(keys.note(id, ADDRESS_NOTE)),
    acknowledged: (id: string) => get<Acknowledged>(keys.note(id, 'ack')),
    wasSaid: async (id: string, what: string) => (await ledger.get(keys.note(id, what))) !== undefined,
    notes: <T>(id: string) => ofIncident<T>(id, prefixes.note),
    summaries: (service: string) => ofService<IncidentSummary>(service, prefixes.summary),
    baselines: (service: string) => ofService<Baseline>(service, prefixes.baseline),
    quarantine: (service: string) => ofService<Quarantine>(service, prefixes.quarantine),
    transition: (arn: string, at: number) => get<{ incident: string }>(keys.transition(arn, at)),
    open: () => list<OpenPointer>('open', ''),
  };
}

/** What the sweeper finds of an incident that is not done with. */
export interface OpenPointer {
  readonly incident: string;
  readonly service: string;
  /** Set on a closed incident whose alarms were still red: look again then (epoch ms). */
  readonly lookAgainAt?: number;
  /** Set where its report or its last word did not get out; `fence` is that of who closed it. */
  readonly unfinished?: { readonly fence: number };
}

export type Records = ReturnType<typeof records>;

const byTime = (receipts: readonly Receipt[]): Receipt[] =>
  [...receipts].sort((a, b) => a.endedAt - b.endedAt);

/** The record, or a plain sentence: these are there unless somebody emptied the table. */
export function present<T>(record: T | undefined, what: string): T {
  if (record === undefined) throw new Error(`Cannot go on: ${what} is not in the table`);
  return record;
}

/** Who writes, under which fence. */
export interface Writer {
  readonly service: string;
  readonly fence: number;
}

/** Writes under the fence. @throws FenceLost when another execution holds the lease. @returns positions in `writes`. */
export async function writeFenced(
  ledger: Ledger,
  by: Writer,
  writes: readonly Write[],
): Promise<WriteResult> {
  return unlessFenceLost(await ledger.write(fenced(by.service, by.fence, writes)), by);
}

/** For transactions whose first write is the check of the fence. */
export function unlessFenceLost(result: WriteResult, by: Writer): WriteResult {
  if (result.outcome === 'written') return result;
  if (result.failed.includes(0)) {
    throw new FenceLost(`Cannot write for "${by.service}": fence ${by.fence} is no longer the lease's`);
  }
  return { outcome: 'conflict', failed: result.failed.map((position) => position - 1) };
}

/** Sets attributes of the incident's header, under the fence, while it is running. */
export async function updateIncident(
  ledger: Ledger,
  by: Writer & { incident: string },
  set: Attributes,
): Promise<void> {
  const state = ['running', 'closing'];
  const result = await writeFenced(ledger, by, [
    { kind: 'update', key: keys.incident(by.incident), set, when: { state } },
  ]);
  if (result.outcome === 'conflict') throw new FenceLost(`Cannot change "${by.incident}": it has ended`);
}
