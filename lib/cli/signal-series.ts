/** The signals of an incident as far as they are known: which ones, how each has to be, and its periods in a row. */
import { type Comparison, meets } from '../core/condition.ts';
import { completeAfterSeconds } from '../core/deadline.ts';
import { firstOfEach, lookedAt, wellOf } from '../core/looked-at.ts';
import type { ArmedService, Signal } from '../core/service.ts';
import type { Datapoint, VerdictRecord } from '../core/verdict.ts';

/** What was read of a signal last. */
export interface SignalSeen {
  readonly signal: Signal;
  /** When it is well. @default - its reference is not known */
  readonly well?: Comparison;
  /** In order. @default - none were read yet */
  readonly datapoints?: readonly Datapoint[];
  /** Until when they are complete: what came later nobody has looked for. @default - they are those of verdicts */
  readonly readAt?: number;
  /** Why the last reading failed. */
  readonly unreadable?: string;
}

/** One for each signal that `verify` names, and for each that only `when` names: well when that is false. */
export function namedSignals({ service }: ArmedService): SignalSeen[] {
  const { when, verify } = service.policy;
  return lookedAt(service, { verify: firstOfEach(verify), calling: firstOfEach(when) }).map((looked) => ({
    signal: looked.signal,
    ...(looked.condition.threshold !== undefined && { well: wellOf(looked) }),
  }));
}

/** One period: `null` where it is over and brought nothing. */
export interface Period {
  readonly at: number;
  readonly value: number | null;
}

/** A window of a terminal shows no more. */
export const MOST_PERIODS = 40;

/**
 * Its latest periods without a hole, from the first that brought something; those that are not over are left out.
 * @param until a later period without a datapoint is no gap; none given: nothing follows the last datapoint
 */
export function periodsOf({ signal, datapoints = [] }: SignalSeen, until?: number): Period[] {
  const period = signal.periodSeconds * 1000;
  const slotOf = (at: number) => Math.floor(at / period);
  const over = datapoints.filter((d) => until === undefined || d.at + period <= until);
  const values = new Map(over.map((d) => [slotOf(d.at), d.value]));
  const [first, last] = [over[0], over.at(-1)];
  if (!first || !last) return [];
  const complete = (until ?? 0) - completeAfterSeconds(signal.periodSeconds) * 1000;
  const to = Math.max(slotOf(last.at), slotOf(complete) - 1);
  const from = Math.max(slotOf(first.at), to - MOST_PERIODS + 1);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => ({
    at: (from + n) * period,
    value: values.get(from + n) ?? null,
  }));
}

/** What the verdicts rest on stays known where nobody reads any more. */
export function withVerdicts(seen: SignalSeen, verdicts: readonly VerdictRecord[]): SignalSeen {
  const judged = verdicts.flatMap((v) => v.signals.filter(({ signal }) => signal === seen.signal.name));
  const points = new Map((seen.datapoints ?? []).map((d) => [d.at, d.value]));
  for (const { at, value } of judged.flatMap((j) => j.datapoints)) {
    if (value !== null && !points.has(at)) points.set(at, value);
  }
  if (points.size === 0) return seen;
  const datapoints = [...points].map(([at, value]) => ({ at, value })).sort((a, b) => a.at - b.at);
  return { ...seen, datapoints };
}

/** Whether a value is well; unknown where there is nothing to hold it against, or no value. */
export const isWell = ({ well }: SignalSeen, value: number | null): boolean | undefined =>
  well === undefined || value === null ? undefined : meets(value, well);
