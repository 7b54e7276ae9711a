/** Tells people of something that is no incident, at most once in a while for each cause. */
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
  /** Who tells: its own retry goes on. */
  readonly by: string;
}

/** Longer than any function may take: whoever began to tell is dead then. */
const BEING_TOLD_MS = 60_000;

/** What people are told of, and how often at most. */
export interface Cause {
  readonly about: string;
  /** @default 15 */
  readonly everyMinutes?: number;
}

export const tellRarely = (
  { notifier, ...ports }: RarelyPorts,
  { about, ...often }: Cause,
  message: Message,
): Promise<Told> =>
  rarely(ports, { cause: `${message.urgency}#${about}`, by: message.text, ...often }, async () => {
    const deliveries = await notifier.send(message);
    return deliveries.some(({ outcome }) => outcome === 'sent');
  });

/**
 * One of many at once may tell; those who come meanwhile leave it to that one. What no channel took counts as not told,
 * and what was only begun does so for whoever began it, or a minute later: the next one may try.
 */
export async function rarely(
  { ledger, clock }: Pick<RarelyPorts, 'ledger' | 'clock'>,
  {
    cause,
    by,
    everyMinutes = PAGE_EVERY_MINUTES,
  }: { readonly cause: string; readonly by: string; readonly everyMinutes?: number },
  tell: () => Promise<boolean>,
): Promise<Told> {
  const key = keys.paged(cause);
  const last = (await ledger.get(key)) as Turn | undefined;
  const now = clock.now();
  if (last && now - last.at < standsFor(last, by, everyMinutes)) return 'told before';
  const when: When = last ? { at: [last.at], state: [last.state] } : 'absent';
  const pending = {
    at: now,
    state: 'pending',
    by,
    expiresAt: Math.floor(now / 1000) + everyMinutes * 60,
  };
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

function standsFor({ state, by }: Turn, whom: string, everyMinutes: number): number {
  if (state === 'sent') return everyMinutes * 60_000;
  return by === whom ? 0 : BEING_TOLD_MS;
}
