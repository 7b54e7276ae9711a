/** Says something once for an incident, and keeps who was told in its notes. */
import { keys } from '../core/keys.ts';
import { printable } from '../core/printable.ts';
import type { PageRecord } from '../core/report.ts';
import type { CallEntry } from '../core/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Message, Notifier } from '../ports/notifier.ts';

export interface SayPorts {
  readonly ledger: Ledger;
  readonly notifier: Notifier;
  readonly clock: Clock;
}

/** The note that a page leaves. */
export interface PageNote {
  readonly pages: readonly PageRecord[];
}

/** What is said about an incident; `what` is said once, by this name. */
export interface Said extends Pick<Message, 'urgency' | 'subject' | 'text' | 'event' | 'onlyCall' | 'links'> {
  readonly incident: string;
  readonly service: string;
  readonly what: string;
  readonly call: readonly CallEntry[];
}

/** Whether it reached anybody. */
export const wasHeard = (pages: readonly PageRecord[]): boolean =>
  pages.some(({ outcome }) => outcome === 'sent');

/**
 * Sends first and notes then: after a crash between the two it is said again, never not at all. What no channel
 * took counts as not said yet (F48).
 */
export async function sayOnce(ports: SayPorts, said: Said): Promise<readonly PageRecord[]> {
  const key = keys.note(said.incident, said.what);
  const before = ((await ports.ledger.get(key)) as PageNote | undefined)?.pages ?? [];
  if (wasHeard(before)) return before;
  const deliveries = await ports.notifier.send(said);
  const now = deliveries.map(({ channel, to, outcome, at, problem }) => {
    const { urgency, subject } = said;
    return {
      at,
      urgency,
      subject,
      channel,
      to,
      outcome,
      ...(problem !== undefined && { problem: printable(problem) }),
    };
  });
  const pages = [...before, ...now];
  await ports.ledger.write([{ kind: 'put', key, item: { pages, at: ports.clock.now() } }]);
  return pages;
}
