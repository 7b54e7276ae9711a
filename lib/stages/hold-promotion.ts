/** plan --hold-promotion--> held: the first mutation. No promotion of the service; what differs is suspected. */
import { sentenceOf } from '../core/errors.ts';
import type { Cursor } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import type { PlanResult } from '../core/plan.ts';
import { type Difference, QUARANTINE_DAYS, type Quarantine } from '../core/release.ts';
import { startAt } from '../core/resume.ts';
import { type ArmedService, type Lever, targetOf } from '../core/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Marker } from '../ports/lever.ts';
import type { Settings } from '../ports/settings.ts';
import { forbidden } from './may-act.ts';
import { type Hold, present, records, updateIncident, writeFenced } from './records.ts';

export interface HoldPromotionPorts {
  readonly ledger: Ledger;
  readonly settings: Settings;
  readonly marker: Marker;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;

export async function holdPromotion(ports: HoldPromotionPorts, cursor: Cursor): Promise<Cursor> {
  const read = records(ports.ledger);
  const armed = present(await read.armed(cursor.incident), `the armed service of ${cursor.incident}`);
  const plan = present(await read.plan(cursor.incident), `the plan of ${cursor.incident}`);
  const reason = await forbidden(ports.settings, armed);
  // Mode lowered on the way: nothing is written, and close-incident pages with what was left undone.
  if (reason) return withheld(ports, cursor, reason);
  await hold(ports, cursor);
  for (const difference of differencesOf(plan)) await suspect(ports, cursor, { armed, difference });
  return cursor.ending ? { ...cursor, next: 'close' } : { ...cursor, next: 'apply' };
}

async function withheld({ ledger }: HoldPromotionPorts, cursor: Cursor, reason: string): Promise<Cursor> {
  const incident = present(await records(ledger).incident(cursor.incident), `incident ${cursor.incident}`);
  const reasons = [...new Set([...(incident.reasons ?? []), `promotion is not held: ${reason}`])];
  await updateIncident(ledger, cursor, { reasons });
  return { ...cursor, ...startAt('close', 0) };
}

/** An older hold stays as it is: it is lifted by a person, with its own reason. */
async function hold({ ledger, clock }: HoldPromotionPorts, cursor: Cursor): Promise<void> {
  const key = keys.hold(cursor.service);
  const standing = await records(ledger).hold(cursor.service);
  if (standing?.state === 'standing') return;
  const item: Hold = {
    state: 'standing',
    incident: cursor.incident,
    since: clock.now(),
    reason: `incident ${cursor.incident}`,
  };
  await writeFenced(ledger, cursor, [{ kind: 'put', key, item: { ...item } }]);
}

const differencesOf = (plan: PlanResult): readonly Difference[] =>
  plan.outcome === 'planned' ? plan.plan.differences : plan.differences;

interface Suspect {
  readonly armed: ArmedService;
  readonly difference: Difference;
}

async function suspect(
  ports: HoldPromotionPorts,
  cursor: Cursor,
  { armed, difference }: Suspect,
): Promise<void> {
  const { target, now } = difference;
  if (now.value === null) return;
  const since = ports.clock.now();
  const known = (await records(ports.ledger).quarantine(cursor.service)).find(
    (q) => q.target === target && q.value === now.value && q.state === 'quarantined' && q.until > since,
  );
  if (known) return;
  const item: Quarantine = {
    target,
    value: now.value,
    state: 'suspected',
    incident: cursor.incident,
    since,
    until: since + QUARANTINE_DAYS * DAY_MS,
  };
  const key = keys.quarantine(cursor.service, target, now.value);
  await writeFenced(ports.ledger, cursor, [{ kind: 'put', key, item: { ...item } }]);
  const lever = armed.service.levers.find((candidate) => targetOf(candidate) === target);
  if (lever) await markThere(ports, cursor, { armed, lever, value: now.value });
}

/** The mark at the registry is for promoters that read it; the ledger is what our own doors read, so we go on. */
async function markThere(
  ports: HoldPromotionPorts,
  { incident, fence }: Cursor,
  { armed, lever, value }: { armed: ArmedService; lever: Lever; value: string },
): Promise<void> {
  try {
    await ports.marker.mark(armed, { lever, value, state: 'suspected', incident, fence });
  } catch (error) {
    const item = {
      at: ports.clock.now(),
      text: `${lever.name}: not marked as suspected: ${sentenceOf(error)}`,
    };
    await ports.ledger.write([{ kind: 'put', key: keys.note(incident, `unmarked-${lever.name}`), item }]);
  }
}
