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

/** One of many at once may tell. A message that no channel took counts as not told: the next one may try. */
export async function tellRarely(
  { ledger, notifier, clock }: RarelyPorts,
  about: string,
  message: Message,
): Promise<'told' | 'told before' | 'failed'> {
  const key = keys.paged(`${message.urgency}#${about}`);
  const last = (await ledger.get(key)) as { at: number } | undefined;
  const now = clock.now();
  if (last && now - last.at < PAGE_EVERY_MINUTES * 60_000) return 'told before';
  const when: When = last ? { at: [last.at] } : 'absent';
  const item = { at: now, expiresAt: Math.floor(now / 1000) + PAGE_EVERY_MINUTES * 60 };
  const turn = await ledger.write([{ kind: 'put', key, item, when }]);
  if (turn.outcome === 'conflict') return 'told before';
  const deliveries = await notifier.send(message);
  if (deliveries.some(({ outcome }) => outcome === 'sent')) return 'told';
  await ledger.write([{ kind: 'delete', key, when: { at: [now] } }]);
  return 'failed';
}
