/** plan --hold-promotion--> held: the first mutation. No promotion of the service; what differs is suspected. */

import { barredOf } from '../core/git-lever.ts';
import type { Cursor } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import type { PlanResult } from '../core/plan.ts';
import { printable } from '../core/printable.ts';
import { type Difference, QUARANTINE_DAYS, type Quarantine } from '../core/release.ts';
import { startAt } from '../core/resume.ts';
import { type MarkPorts, markThere } from './mark-there.ts';
import { forbidden, type Remaining, WHOLE_TIME } from './may-act.ts';
import { type Hold, present, records, updateIncident, writeFenced } from './records.ts';

export type HoldPromotionPorts = MarkPorts;

const DAY_MS = 86_400_000;

export async function holdPromotion(
  ports: HoldPromotionPorts,
  cursor: Cursor,
  worker: Remaining = WHOLE_TIME,
): Promise<Cursor> {
  const read = records(ports.ledger);
  const armed = present(await read.armed(cursor.incident), `the armed service of ${cursor.incident}`);
  const plan = present(await read.plan(cursor.incident), `the plan of ${cursor.incident}`);
  const reason = await forbidden(ports.settings, armed);
  // Mode lowered on the way: nothing is written, and close-incident pages with what is left to do.
  if (reason) return withheld(ports, cursor, reason);
  await hold(ports, cursor);
  const versions: Suspect[] = [];
  for (const difference of differencesOf(plan)) versions.push(...(await suspect(ports, cursor, difference)));
  await markThere(ports, cursor, { armed, versions, state: 'suspected', worker });
  return cursor.ending ? { ...cursor, next: 'close' } : { ...cursor, next: 'apply' };
}

async function withheld({ ledger }: HoldPromotionPorts, cursor: Cursor, reason: string): Promise<Cursor> {
  const incident = present(await records(ledger).incident(cursor.incident), `incident ${cursor.incident}`);
  const reasons = [...new Set([...(incident.reasons ?? []), `promotion is not held: ${printable(reason)}`])];
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

type Suspect = Pick<Quarantine, 'target' | 'value'>;

/** Writes down what differs. @returns it, unless it is known to be bad already. */
async function suspect(
  { ledger, clock }: HoldPromotionPorts,
  cursor: Cursor,
  { target, now }: Difference,
): Promise<Suspect[]> {
  const value = now.value === null ? undefined : barredOf(target, now.value);
  if (value === undefined) return [];
  const since = clock.now();
  const known = (await records(ledger).quarantine(cursor.service)).find(
    (q) => q.target === target && q.value === value && q.state === 'quarantined' && q.until > since,
  );
  if (known) return [];
  const item: Quarantine = {
    target,
    value,
    state: 'suspected',
    incident: cursor.incident,
    since,
    until: since + QUARANTINE_DAYS * DAY_MS,
  };
  const key = keys.quarantine(cursor.service, target, value);
  await writeFenced(ledger, cursor, [{ kind: 'put', key, item: { ...item } }]);
  return [{ target, value }];
}
