/** Reads the signals of an incident beside the table: what they bring is shown at the next look, and none is waited for. */
import { sentenceOf } from '../core/errors.ts';
import type { Datapoint } from '../core/verdict.ts';
import type { Clock } from '../ports/clock.ts';
import type { SignalReader } from '../ports/signal-reader.ts';
import { type IncidentView, isOver } from './incident-view.ts';
import { verifying } from './progress.ts';
import { MOST_PERIODS, namedSignals, type SignalSeen, withVerdicts } from './signal-series.ts';

/** Half a period: what is new is seen soon, within bounds, since each reading costs money. */
const everyMs = (periodSeconds: number): number => Math.min(30_000, Math.max(5000, periodSeconds * 500));
/** A signal that cannot be read is asked for less and less often. */
const LONGEST_WAIT_MS = 60_000;

interface Reading {
  busy: boolean;
  dueAt: number;
  failures: number;
  datapoints?: readonly Datapoint[];
  readAt?: number;
  unreadable?: string;
}

/** @returns what is known of each signal now; readings that are due are begun. */
export function signalsReader({ signals, clock }: { signals: SignalReader; clock: Clock }) {
  const readings = new Map<string, Reading>();
  const readingOf = (name: string): Reading => {
    const found = readings.get(name) ?? { busy: false, dueAt: 0, failures: 0 };
    readings.set(name, found);
    return found;
  };
  return (view: IncidentView): SignalSeen[] => {
    const named = view.armed ? namedSignals(view.armed) : [];
    return named.map((seen) => {
      const reading = readingOf(seen.signal.name);
      const due = !reading.busy && clock.now() >= reading.dueAt;
      if (due && !isOver(view.incident)) void readOnce(seen, reading, view);
      const { datapoints, readAt, unreadable } = reading;
      const read = datapoints && readAt !== undefined && { datapoints, readAt };
      const known = { ...read, ...(unreadable !== undefined && { unreadable }) };
      return withVerdicts({ ...seen, ...known }, view.verdicts);
    });
  };

  async function readOnce({ signal }: SignalSeen, reading: Reading, view: IncidentView): Promise<void> {
    const now = clock.now();
    reading.busy = true;
    try {
      reading.datapoints = await signals.datapoints(signal, spanFrom(view, signal.periodSeconds, now), now);
      reading.readAt = now;
      reading.failures = 0;
      delete reading.unreadable;
    } catch (error) {
      reading.failures += 1;
      reading.unreadable = sentenceOf(error);
    }
    const wait = everyMs(signal.periodSeconds) * 2 ** reading.failures;
    reading.dueAt = now + Math.min(wait, Math.max(LONGEST_WAIT_MS, everyMs(signal.periodSeconds)));
    reading.busy = false;
  }
}

/** As much as a line shows, and all that the rung is judged by. */
function spanFrom(view: IncidentView, periodSeconds: number, now: number): number {
  const shown = now - (MOST_PERIODS + 1) * periodSeconds * 1000;
  return Math.min(shown, verifying(view)?.switchAt ?? now);
}
