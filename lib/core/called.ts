import type { CallEntry } from './service.ts';

/** What decides who hears a message. */
export interface Heard {
  readonly call: readonly CallEntry[];
  readonly onlyCall?: boolean;
  readonly event?: 'acknowledged' | 'over';
  readonly test?: boolean;
}

/**
 * Who hears it, each once: those of the environment and those of the service. Whoever is called late hears of it when
 * it is their turn (`onlyCall`), and then also how it goes on.
 */
export function calledFor(paged: readonly CallEntry[], message: Heard): CallEntry[] {
  const everybody = [...(message.onlyCall ? [] : paged), ...message.call];
  const seen = new Set<string>();
  return everybody.filter((entry) => {
    if (!isDue(entry, message) || seen.has(addressOf(entry))) return false;
    seen.add(addressOf(entry));
    return true;
  });
}

function isDue({ kind, afterSeconds }: CallEntry, { onlyCall, event, test }: Heard): boolean {
  if (afterSeconds === undefined || onlyCall || test) return true;
  return event !== undefined && (kind === 'slack' || kind === 'pagerduty');
}

/** Equal for entries that are one and the same to whoever is called. */
export const addressOf = ({ kind, to, secret = '' }: CallEntry): string => `${kind} ${to} ${secret}`;

/** Those who are called when nobody has acknowledged, the soonest first. */
export const calledLate = (
  entries: readonly CallEntry[],
): (CallEntry & { readonly afterSeconds: number })[] =>
  entries
    .flatMap((entry) =>
      entry.afterSeconds === undefined ? [] : [{ ...entry, afterSeconds: entry.afterSeconds }],
    )
    .sort((a, b) => a.afterSeconds - b.afterSeconds);

/** What functions have to know of those whom the environment calls, beside its topics. */
export const beyondTopics = (paged: readonly CallEntry[]): CallEntry[] =>
  paged.filter(
    ({ kind, afterSeconds }) => kind === 'slack' || kind === 'pagerduty' || afterSeconds !== undefined,
  );
