/** An execution that opens no incident: recorded, told, and at most one page per cause in 15 minutes. */
import type { Refusal } from '../core/door.ts';
import { OutsideTrouble } from '../core/errors.ts';
import type { Cursor } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import { startAt } from '../core/resume.ts';
import { type RarelyPorts, tellRarely } from './tell-rarely.ts';

export type RefusePorts = RarelyPorts;

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
  const told = await tellRarely(
    ports,
    { about: refusal.about },
    {
      urgency: refusal.wakes ? 'page' : 'notification',
      service: '',
      subject: 'Reinstate refused to act',
      text: `Refused: ${refusal.reason}. No lever was pulled. Execution: ${execution}`,
      call: [],
    },
  );
  // There is no incident to remember an undelivered page: the state tries again, and a failed execution is seen.
  if (told === 'failed' && refusal.wakes) {
    throw new OutsideTrouble(`Cannot page about a refusal: no channel took it. Refused: ${refusal.reason}`);
  }
  return { incident: '', service: '', fence: 0, ...startAt('done', 0), ending: 'refused' };
}
