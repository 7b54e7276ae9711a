/**
 * What an applied rung removed is proven bad once recovery is proven: every door refuses it for 90 days, or until a
 * person lifts it.
 */

import { barredOf } from '../core/git-lever.ts';
import type { Cursor, Ending } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import { type Difference, QUARANTINE_DAYS, type Quarantine } from '../core/release.ts';
import { type Receipt, tookEffect } from '../core/step.ts';
import { type MarkPorts, markThere } from './mark-there.ts';
import type { Remaining } from './may-act.ts';
import { records, writeFenced } from './records.ts';

export type QuarantinePorts = MarkPorts;

type Removed = Pick<Quarantine, 'target' | 'value'>;

const DAY_MS = 86_400_000;

/** Otherwise suspects are left to people: without a recovery nothing is proven against them. */
export async function quarantineRemoved(
  ports: QuarantinePorts,
  cursor: Cursor & { readonly ending: Ending },
  worker: Remaining,
): Promise<void> {
  if (cursor.ending !== 'recovered') return;
  const read = records(ports.ledger);
  const [receipts, armed, plan] = await Promise.all([
    read.receipts(cursor.incident),
    read.armed(cursor.incident),
    read.plan(cursor.incident),
  ]);
  const differ = plan?.outcome === 'planned' ? plan.plan.differences : [];
  const versions = receipts.flatMap((receipt) => removedBy(receipt, differ));
  for (const bad of versions) await quarantine(ports, cursor, bad);
  if (armed) await markThere(ports, cursor, { armed, versions, state: 'quarantined', worker });
}

/** Only what the baseline does not hold: a flag that was put to its safe value may have been at the baseline's. */
function removedBy(
  { phase, before, to, outcome, target }: Receipt,
  differ: readonly Difference[],
): Removed[] {
  const held = before?.value ?? null;
  const value = held === null ? undefined : barredOf(target, held);
  if (phase !== 'apply' || !tookEffect({ outcome }) || value === undefined || value === to) return [];
  const wasSeen = ({ now }: Difference) => now.value !== null && barredOf(target, now.value) === value;
  return differ.some((d) => d.target === target && wasSeen(d)) ? [{ target, value }] : [];
}

async function quarantine({ ledger, clock }: QuarantinePorts, cursor: Cursor, bad: Removed): Promise<void> {
  const since = clock.now();
  const item: Quarantine = {
    ...bad,
    state: 'quarantined',
    incident: cursor.incident,
    since,
    until: since + QUARANTINE_DAYS * DAY_MS,
  };
  const key = keys.quarantine(cursor.service, bad.target, bad.value);
  await writeFenced(ledger, cursor, [{ kind: 'put', key, item: { ...item } }]);
}
