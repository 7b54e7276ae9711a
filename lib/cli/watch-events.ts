/** An incident as events for programs: one JSON object a line. docs/watch.md has the same tables. */
import { goalClock, type IncidentView, secondsInto } from './incident-view.ts';
import { nextSteps } from './tree-end.ts';
import type { TreeNode } from './tree-node.ts';

/** What every event of an incident has; `goalSeconds` once the goal is known. */
export const EVERY_EVENT = ['type', 'at', 'incident', 'clockSeconds', 'goalSeconds', 'late'] as const;
/** What each event about a line of the tree has besides. An event replaces the earlier one of the same `key`. */
export const EVERY_LINE = ['key', 'state', 'text'] as const;

/** The types of events, and what each has besides; `?` where it is not always there. */
export const EVENTS = {
  stage: [],
  remark: [],
  rung: ['rung'],
  step: ['rung', 'step', 'phase', 'lever', 'target', 'from', 'to', 'outcome'],
  workload: ['rung', 'target'],
  verification: ['rung', 'verdict'],
  signal: ['signal', 'value', 'unit', 'is?', 'threshold?', 'well?', 'unreadable?'],
  trouble: [],
  ended: ['ending', 'state', 'text', 'reasons', 'reportUrl?', 'next'],
} as const;
type EventType = keyof typeof EVENTS;

/** By what stands before the colon in the key of a node; all others are remarks. */
const TYPES: Readonly<Record<string, EventType>> = {
  open: 'stage',
  plan: 'stage',
  hold: 'stage',
  end: 'stage',
  rung: 'rung',
  apply: 'step',
  settle: 'step',
  workload: 'workload',
  verdict: 'verification',
  signal: 'signal',
  trouble: 'trouble',
};

/** Whether the last event tells it already. */
const isOfTheEnd = ({ key, state }: TreeNode): boolean =>
  (key === 'end' && state !== 'doing') || key.startsWith('reason:') || key.startsWith('next:');

/** A change of one line of the tree; nothing for what `endedEvent` tells. */
export function eventOf(node: TreeNode, view: IncidentView, now: number): object | undefined {
  if (isOfTheEnd(node)) return undefined;
  const { key, state, text, within, at = now, facts } = node;
  return {
    ...common(view, TYPES[key.split(':')[0] ?? ''] ?? 'remark', at),
    key,
    state,
    text: within === undefined ? text : `${within}: ${text}`,
    ...facts,
  };
}

/** The last event of an incident that is over. */
export function endedEvent(view: IncidentView): object {
  const { ending = 'escalated', state, reasons = [], reportUrl, endedAt, openedAt } = view.incident;
  return {
    ...common(view, 'ended', endedAt ?? openedAt),
    ending,
    state,
    text: `ended: ${ending}`,
    reasons,
    ...(reportUrl && { reportUrl }),
    next: nextSteps(view).map(([what, command]) => ({ what, command })),
  };
}

function common(view: IncidentView, type: EventType, at: number) {
  const { goalSeconds } = goalClock(view, at);
  const clockSeconds = secondsInto(view.incident, at);
  const late = goalSeconds !== undefined && clockSeconds > goalSeconds;
  const goal = goalSeconds === undefined ? {} : { goalSeconds };
  return { type, at: isoAt(at), incident: view.incident.id, clockSeconds, ...goal, late };
}

export const isoAt = (at: number): string => new Date(at).toISOString();
