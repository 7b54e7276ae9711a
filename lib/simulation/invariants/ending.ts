/** I5: nothing that was accepted is ever forgotten. */
import type { Incident } from '../../core/incident.ts';
import type { Past } from '../witness.ts';

/** After the deadline somebody has heard of it by then. */
const GRACE_MS = 120_000;

export const everyAlarmEnds = (past: Past) => () =>
  [...past.world.items.values()]
    .filter(({ pk, sk }) => pk.startsWith('incident#') && sk === 'incident')
    .flatMap((found) => problemsOf(past, found as unknown as Incident));

function problemsOf(past: Past, incident: Incident): string[] {
  const { id, state, ending } = incident;
  const told = past.told.some((t) => t.incident === id);
  return [
    ...(isUnheard(past, incident)
      ? [`${id} is ${state} (${ending ?? 'no ending'}), and nobody was called in time`]
      : []),
    ...(isTerminal(incident) && !told ? [`${id} ended ${ending}, and nobody was told`] : []),
  ];
}

/** Whether an incident went past its deadline, and nobody was called in time. */
export function isUnheard(past: Past, incident: Incident): boolean {
  const { id, openedAt, deadlineAt = openedAt } = incident;
  const by = deadlineAt + GRACE_MS;
  const paged = past.told.some((t) => t.incident === id && t.urgency === 'page' && t.at <= by);
  const platform = past.platformPages.some((at) => at >= openedAt && at <= by);
  const until = isTerminal(incident) ? (incident.endedAt ?? 0) : past.world.clock.now();
  return until > by && !paged && !platform;
}

const isTerminal = ({ state }: Incident): boolean => state === 'ended' || state === 'closed';
