/** An execution that opens no incident: recorded, told, and at most one page per cause in 15 minutes. */
import { PAGE_EVERY_MINUTES, type Refusal } from '../core/door.ts';
import type { Cursor } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import { startAt } from '../core/resume.ts';
import type { When } from '../core/write.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Notifier } from '../ports/notifier.ts';

export interface RefusePorts {
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  readonly clock: Clock;
}

/** Days a refusal is kept; the execution's own history lasts as long. */
const KEPT_DAYS = 90;

export async function refuseAtDoor(
  ports: RefusePorts,
  { execution, refusal }: { execution: string; refusal: Refusal },
): Promise<Cursor> {
  const now = ports.clock.now();
  const item = {
    execution,
    reason: refusal.reason,
    at: now,
    expiresAt: Math.floor(now / 1000) + KEPT_DAYS * 86_400,
  };
  await ports.ledger.write([{ kind: 'put', key: keys.refusal(now, execution), item }]);
  if (await mayTell(ports, refusal, now)) {
    await ports.notifier.send({
      urgency: refusal.wakes ? 'page' : 'notification',
      service: '',
      subject: 'Reinstate refused to act',
      text: `Refused: ${refusal.reason}. No lever was pulled. Execution: ${execution}`,
      call: [],
    });
  }
  return { incident: '', service: '', fence: 0, ...startAt('done', 0), ending: 'refused' };
}

/** Whether nobody was told of this cause in the last 15 minutes; one of many at once may tell. */
async function mayTell({ ledger }: RefusePorts, { about, wakes }: Refusal, now: number): Promise<boolean> {
  const key = keys.paged(`${wakes ? 'page' : 'notification'}#${about}`);
  const last = (await ledger.get(key)) as { at: number } | undefined;
  if (last && now - last.at < PAGE_EVERY_MINUTES * 60_000) return false;
  const when: When = last ? { at: [last.at] } : 'absent';
  const item = { at: now, expiresAt: Math.floor(now / 1000) + PAGE_EVERY_MINUTES * 60 };
  return (await ledger.write([{ kind: 'put', key, item, when }])).outcome === 'written';
}
