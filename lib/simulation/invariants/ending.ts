/** I5: nothing that was accepted is ever forgotten. */
import type { Incident } from '../../core/incident.ts';
import type { Key } from '../../core/write.ts';
import type { Past } from '../witness.ts';
import { incidentsOf, itemsOf } from './past.ts';

/** After the deadline somebody has heard of it by then. */
const GRACE_MS = 120_000;

export const everyAlarmEnds = (past: Past) => () => [
  ...incidentsOf(past).flatMap((incident) => problemsOf(past, incident)),
  ...itemsOf<Key & { at: number }>(past, 'untold', '')
    .filter(({ at }) => past.world.clock.now() - at > LONGEST_UNTOLD_MS)
    .map(({ sk }) => `nobody heard of ${sk}`),
  ...past.services.flatMap(({ armed }) => armed.alarms.flatMap(({ arn }) => forgotten(past, arn))),
];

/** One page in a quarter of an hour tells of them all, at the sweep after it. */
const LONGEST_UNTOLD_MS = 18 * 60_000;
/** The sweeper opens what is red without an event, at the latest with its next try. */
const LONGEST_UNSEEN_MS = 8 * 60_000;

/** An alarm that has been red for long is in an incident, or somebody was called since. */
function forgotten(past: Past, arn: string): string[] {
  const { world, told, platformPages } = past;
  const { state, since = 0 } = world.alarms.get(arn) ?? {};
  if (state !== 'ALARM' || world.clock.now() - since < LONGEST_UNSEEN_MS) return [];
  const held = itemsOf(past, `alarm#${arn}`, 'at#').some(
    ({ sk }) => Math.abs(Number(sk.slice(3)) - since) < 5000,
  );
  const called = told.some(({ at, urgency }) => urgency === 'page' && at >= since);
  return held || called || platformPages.some((at) => at >= since)
    ? []
    : [`${arn} is red for ${(world.clock.now() - since) / 1000} s, in no incident, and nobody was called`];
}

function problemsOf(past: Past, incident: Incident): string[] {
  const { id, state, ending } = incident;
  const told = past.told.some((t) => t.incident === id);
  return [
    ...(isUnheard(past, incident)
      ? [`${id} is ${state} (${ending ?? 'no ending'}), and nobody was called in time`]
      : []),
    ...(isUnpaged(past, incident) ? [`${id} ended ${ending}, and nobody was paged of it`] : []),
    ...(isTerminal(incident) && !told ? [`${id} ended ${ending}, and nobody was told`] : []),
  ];
}

/** These endings wake somebody, by a page of their own: a notification would wait for the morning. */
function isUnpaged({ told }: Past, incident: Incident): boolean {
  const { id, ending = 'recovered' } = incident;
  const wakes = ['contained', 'escalated', 'cancelled'].includes(ending) && isTerminal(incident);
  return wakes && !told.some((t) => t.incident === id && t.urgency === 'page' && ENDED.test(t.subject));
}

/** What the page of such an ending says (lib/stages/tell-ending.ts). */
const ENDED = /needs you|contained|cancelled/;

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
