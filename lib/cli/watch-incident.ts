/** Looks at an incident again and again until it is over or nobody watches any more. Changes nothing. */
import { sentenceOf } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { SignalReader } from '../ports/signal-reader.ts';
import { type IncidentView, isOver, type LookTrouble, viewIncident } from './incident-view.ts';
import { aborted, patience } from './patience.ts';
import { judgedSoFar } from './progress.ts';
import { signalsReader } from './read-signals.ts';
import type { SignalSeen } from './signal-series.ts';

export interface WatchDeps {
  readonly ledger: Ledger;
  readonly signals: SignalReader;
  readonly clock: Clock;
}

export interface Watching {
  readonly incident: string;
  /** Aborted: stops looking at once; the incident goes on. */
  readonly signal: AbortSignal;
  /** Called after every look, also when only the clock has moved, or looking did not work. */
  readonly onChange: (view: IncidentView, now: number) => void;
  /** Told once when already the first look does not work. @default - nobody is told */
  readonly onTrouble?: (sentence: string) => void;
}

/** Between two looks at the table: what is written is shown within a second, the look's own time included. */
export const LOOK_MS = 500;

/**
 * @returns the incident as it was seen last; nothing when there is none, or it was never seen.
 * @throws OutsideTrouble when it cannot be read for many minutes.
 */
export async function watchIncident(deps: WatchDeps, watching: Watching): Promise<IncidentView | undefined> {
  const { signal, onChange } = watching;
  const look = looker(deps, watching);
  const stopped = aborted(signal);
  let last: IncidentView | undefined;
  while (!signal.aborted) {
    const { view, waitMs } = (await Promise.race([look(last), stopped])) ?? { view: last, waitMs: 0 };
    if (signal.aborted || view === 'none') return last;
    last = view;
    if (last) onChange(last, deps.clock.now());
    if (last && isOver(last.incident)) return last;
    await Promise.race([deps.clock.sleep(waitMs), stopped]);
  }
  return last;
}

interface Looked {
  readonly view: IncidentView | 'none' | undefined;
  readonly waitMs: number;
}

/** One look; where it does not work, the last view stays and says so. */
function looker({ ledger, signals, clock }: WatchDeps, { incident, onTrouble }: Watching) {
  const signalsOf = signalsReader({ signals, clock });
  const patient = patience(LOOK_MS);
  let trouble: LookTrouble | undefined;
  const begun = (error: unknown, since: number, isShown: boolean): LookTrouble => {
    const sentence = sentenceOf(error);
    if (!isShown) onTrouble?.(`${sentence}; asking again`);
    return { since, sentence };
  };
  return async (last: IncidentView | undefined): Promise<Looked> => {
    const askedAt = clock.now();
    try {
      const view = await viewIncident(ledger, incident);
      const now = clock.now();
      if (patient.tries() > 0) trouble = overAt(trouble, now);
      patient.worked();
      return {
        view: view ? judgedNow(troubled(view, trouble), signalsOf(view), now) : 'none',
        waitMs: LOOK_MS,
      };
    } catch (error) {
      const waitMs = patient.failed(error);
      if (patient.tries() === 1) trouble = begun(error, askedAt, last !== undefined);
      return { view: last && troubled(last, trouble), waitMs };
    }
  };
}

const overAt = (trouble: LookTrouble | undefined, now: number): LookTrouble | undefined =>
  trouble && { ...trouble, overAt: now };

const troubled = (view: IncidentView, trouble: LookTrouble | undefined): IncidentView =>
  trouble ? { ...view, trouble } : view;

function judgedNow(view: IncidentView, signals: readonly SignalSeen[], now: number): IncidentView {
  const seen = { ...view, signals };
  const progress = judgedSoFar(seen, now);
  return progress ? { ...seen, progress } : seen;
}
