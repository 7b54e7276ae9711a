/** I5: nothing that was accepted is ever forgotten. */
import type { Incident } from '../../core/incident.ts';
import type { Past } from '../witness.ts';
import { itemsOf } from './past.ts';

/** After the deadline somebody has heard of it by then. */
const GRACE_MS = 120_000;

export const everyAlarmEnds = (past: Past) => () => [
  ...[...past.world.items.values()]
    .filter(({ pk, sk }) => pk.startsWith('incident#') && sk === 'incident')
    .flatMap((found) => problemsOf(past, found as unknown as Incident)),
  ...past.services.flatMap(({ armed }) => armed.alarms.flatMap(({ arn }) => forgotten(past, arn))),
];

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
