/** What an applied rung removed is proven bad once recovery is proven: every door refuses it until a person lifts it. */
import { sentenceOf } from '../core/errors.ts';
import type { Cursor, Ending } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import { QUARANTINE_DAYS, type Quarantine } from '../core/release.ts';
import { type ArmedService, targetOf } from '../core/service.ts';
import { type Receipt, tookEffect } from '../core/step.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Marker } from '../ports/lever.ts';
import type { Settings } from '../ports/settings.ts';
import { forbidden } from './may-act.ts';
import { records, writeFenced } from './records.ts';

export interface QuarantinePorts {
  readonly ledger: Ledger;
  readonly marker: Marker;
  readonly settings: Settings;
  readonly clock: Clock;
}

type Removed = Pick<Quarantine, 'target' | 'value'>;

const DAY_MS = 86_400_000;

/** Otherwise suspects are left to people: without a recovery nothing is proven against them. */
export async function quarantineRemoved(
  ports: QuarantinePorts,
  cursor: Cursor,
  ending: Ending,
): Promise<void> {
  if (ending !== 'recovered') return;
  const read = records(ports.ledger);
  const [receipts, armed] = await Promise.all([read.receipts(cursor.incident), read.armed(cursor.incident)]);
  const removed = receipts.flatMap(removedBy);
  for (const bad of removed) await quarantine(ports, cursor, bad);
  if (armed) await markThere(ports, cursor, { armed, removed });
}

function removedBy(receipt: Receipt): Removed[] {
  const value = receipt.before?.value ?? null;
  if (receipt.phase !== 'apply' || !tookEffect(receipt) || value === null || value === receipt.to) return [];
  return [{ target: receipt.target, value }];
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

interface Marks {
  readonly armed: ArmedService;
  readonly removed: readonly Removed[];
}

/** The ledger is what our doors read; the mark at the registry is for everybody else's, and not worth an escalation. */
async function markThere(ports: QuarantinePorts, cursor: Cursor, { armed, removed }: Marks): Promise<void> {
  const { incident, fence } = cursor;
  for (const { target, value } of removed) {
    const lever = armed.service.levers.find((candidate) => targetOf(candidate) === target);
    if (!lever) continue;
    try {
      const reason = await forbidden(ports.settings, armed);
      if (reason) throw new Error(reason);
      await ports.marker.mark(armed, { lever, value, state: 'quarantined', incident, fence });
    } catch (error) {
      const item = {
        at: ports.clock.now(),
        text: `${lever.name}: not marked as quarantined: ${sentenceOf(error)}`,
      };
      await ports.ledger.write([{ kind: 'put', key: keys.note(incident, `unmarked-${target}`), item }]);
    }
  }
}
