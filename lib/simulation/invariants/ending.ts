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
  const { id, state, ending, openedAt, deadlineAt = openedAt } = incident;
  const by = deadlineAt + GRACE_MS;
  const paged = past.told.some((t) => t.incident === id && t.urgency === 'page' && t.at <= by);
  const platform = past.platformPages.some((at) => at >= openedAt && at <= by);
  const terminal = state === 'ended' || state === 'closed';
  const late = !terminal || (incident.endedAt ?? 0) > by;
  const told = past.told.some((t) => t.incident === id);
  return [
    ...(late && !paged && !platform
      ? [`${id} is ${state} (${ending ?? 'no ending'}), and nobody was called in time`]
      : []),
    ...(terminal && !told ? [`${id} ended ${ending}, and nobody was told`] : []),
  ];
}
