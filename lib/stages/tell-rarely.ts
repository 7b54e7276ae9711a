/** Tells people of something that is no incident, at most once in 15 minutes for each cause. */
import { PAGE_EVERY_MINUTES } from '../core/door.ts';
import { keys } from '../core/keys.ts';
import type { When } from '../core/write.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Message, Notifier } from '../ports/notifier.ts';

export interface RarelyPorts {
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  readonly clock: Clock;
}

export type Told = 'told' | 'told before' | 'failed';

/** `pending` until a channel took it: whoever dies in between has told nobody. */
interface Turn {
  readonly at: number;
  readonly state: 'pending' | 'sent';
}

export const tellRarely = (
  { notifier, ...ports }: RarelyPorts,
  about: string,
  message: Message,
): Promise<Told> =>
  rarely(ports, `${message.urgency}#${about}`, async () => {
    const deliveries = await notifier.send(message);
    return deliveries.some(({ outcome }) => outcome === 'sent');
  });

/** One of many at once may tell. What no channel took, or was only begun, counts as not told: the next one may try. */
export async function rarely(
  { ledger, clock }: Pick<RarelyPorts, 'ledger' | 'clock'>,
  cause: string,
  tell: () => Promise<boolean>,
): Promise<Told> {
  const key = keys.paged(cause);
  const last = (await ledger.get(key)) as Turn | undefined;
  const now = clock.now();
  if (last?.state === 'sent' && now - last.at < PAGE_EVERY_MINUTES * 60_000) return 'told before';
  const when: When = last ? { at: [last.at], state: [last.state] } : 'absent';
  const pending = { at: now, state: 'pending', expiresAt: Math.floor(now / 1000) + PAGE_EVERY_MINUTES * 60 };
  const turn = await ledger.write([{ kind: 'put', key, item: pending, when }]);
  if (turn.outcome === 'conflict') return 'told before';
  const sent = await tell();
  const mine: When = { at: [now], state: ['pending'] };
  await ledger.write([
    sent
      ? { kind: 'put', key, item: { ...pending, state: 'sent' }, when: mine }
      : { kind: 'delete', key, when: mine },
  ]);
  return sent ? 'told' : 'failed';
}
