/** Each signal that the policy names against its threshold, and trouble with looking at all. */
import { clock, conditionText, withUnit } from '../report/format.ts';
import { type IncidentView, isOver } from './incident-view.ts';
import { isWell, type Period, periodsOf, type SignalSeen } from './signal-series.ts';
import type { NodeState, TreeNode } from './tree-node.ts';
import { widthOf } from './width.ts';

/** Longer names do not push the bars of the others aside. */
const LONGEST_LABEL = 24;

export function signalNodes({ incident, signals = [] }: IncidentView): TreeNode[] {
  const known = signals.filter((s) => s.datapoints !== undefined || s.unreadable !== undefined);
  const label = Math.max(0, ...known.map(({ signal }) => widthOf(signal.name)));
  return known.map((seen) =>
    signalNode(
      seen,
      periodsOf(seen, isOver(incident) ? undefined : seen.readAt),
      Math.min(label, LONGEST_LABEL),
    ),
  );
}

function signalNode(seen: SignalSeen, periods: readonly Period[], labelWidth: number): TreeNode {
  const { signal, well } = seen;
  const { state, gist, value } = standingOf(seen, periods);
  const { unreadable } = seen;
  const words = `${latestWords(seen, periods)}, ${wellWords(seen)}`;
  return {
    key: `signal:${signal.name}`,
    depth: 0,
    state,
    text: `${signal.name} ${words}${unreadable === undefined ? '' : `: ${unreadable}`}`,
    gist,
    chart: {
      label: signal.name,
      labelWidth,
      words,
      narrow: narrowWords(seen, periods),
      values: periods.map((p) => p.value),
      good: periods.map((p) => isWell(seen, p.value)),
      ...(well && { threshold: well.threshold }),
      ...(unreadable !== undefined && { why: unreadable }),
    },
    facts: {
      signal: signal.name,
      value,
      unit: signal.unit,
      ...(well && { is: well.is, threshold: well.threshold, well: isWell(seen, value) ?? null }),
      ...(unreadable !== undefined && { unreadable }),
    },
    ...(value !== null && { at: periods.at(-1)?.at ?? 0 }),
  };
}

interface Standing {
  readonly state: NodeState;
  /** What is news where lines stand alone: not each value. */
  readonly gist: string;
  readonly value: number | null;
}

function standingOf(seen: SignalSeen, periods: readonly Period[]): Standing {
  const value = periods.at(-1)?.value ?? null;
  if (seen.unreadable !== undefined) return { state: 'note', gist: 'unreadable', value };
  const well = isWell(seen, value);
  if (well === undefined) return { state: 'note', gist: value === null ? 'no datapoint' : 'unknown', value };
  return well ? { state: 'done', gist: 'well', value } : { state: 'bad', gist: 'breach', value };
}

function latestWords({ signal, unreadable }: SignalSeen, periods: readonly Period[]): string {
  const last = periods.findLast((p) => p.value !== null);
  const value = last && `${withUnit(last.value ?? 0, signal.unit)} at ${clock(last.at)}`;
  if (unreadable !== undefined) return `cannot be read${value ? `, was ${value}` : ''}`;
  if (!value) return 'no datapoint';
  return periods.at(-1)?.value === null ? `no datapoint any more, was ${value}` : value;
}

const wellWords = ({ signal, well }: SignalSeen): string =>
  well
    ? `healthy ${conditionText({ is: well.is, threshold: well.threshold }, signal.unit)}`
    : 'its reference is not known';

function narrowWords(seen: SignalSeen, periods: readonly Period[]): string {
  const value = periods.at(-1)?.value ?? null;
  const now = value === null ? 'no datapoint' : withUnit(value, seen.signal.unit);
  return `${seen.unreadable === undefined ? now : 'cannot be read'}, ${wellWords(seen)}`;
}

export function troubleNodes({ trouble }: IncidentView): TreeNode[] {
  if (!trouble) return [];
  const { since, sentence, overAt } = trouble;
  const base = { key: 'trouble', depth: 0 } as const;
  if (overAt !== undefined) {
    const text = `this window could not look from ${clock(since)} to ${clock(overAt)} UTC`;
    return [{ ...base, state: 'note', text, at: overAt }];
  }
  const text = `this window cannot look since ${clock(since)} UTC, and asks again; the incident goes on: ${sentence}`;
  return [
    { ...base, state: 'bad', text, narrow: `cannot look since ${clock(since)}, asks again`, at: since },
  ];
}
