/** Looks at an incident again and again until it is over or nobody watches any more. Changes nothing. */
import { OutsideTrouble, sentenceOf } from '../core/errors.ts';
import type { Judged } from '../core/verdict.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { SignalReader } from '../ports/signal-reader.ts';
import { type IncidentView, isOver, viewIncident } from './incident-view.ts';
import { readProgress, verifying } from './progress.ts';

export interface WatchDeps {
  readonly ledger: Ledger;
  readonly signals: SignalReader;
  readonly clock: Clock;
}

export interface Watching {
  readonly incident: string;
  /** Aborted: stops looking; the incident goes on. */
  readonly signal: AbortSignal;
  /** Called after every look, also when only the clock has moved. */
  readonly onChange: (view: IncidentView, now: number) => void;
  /** Told once each time looking stops to work, and again when it works. @default - nobody is told */
  readonly onTrouble?: (sentence: string) => void;
}

/** Milliseconds between two looks at the table, and between two at the signals, which cost money. */
const LOOK_MS = 800;
const PROGRESS_MS = 3000;

/** @returns the incident as it was seen last; nothing when there is none, or it was never seen. */
export async function watchIncident(deps: WatchDeps, watching: Watching): Promise<IncidentView | undefined> {
  const progress = progressReader(deps);
  const look = patient(watching, async () => {
    const view = await viewIncident(deps.ledger, watching.incident);
    return view && { ...view, ...(await progress(view)) };
  });
  const stopped = aborted(watching.signal);
  let last: IncidentView | undefined;
  while (!watching.signal.aborted) {
    const seen = await look();
    if (seen === 'none') return last;
    if (seen) {
      last = seen;
      watching.onChange(seen, deps.clock.now());
      if (isOver(seen.incident)) return seen;
    }
    await Promise.race([deps.clock.sleep(LOOK_MS), stopped]);
  }
  return last;
}

/** Signals are read less often than the table; what was read last is shown until then, for the same rung. */
function progressReader({ signals, clock }: WatchDeps) {
  let read = { at: 0, switchAt: 0, judged: undefined as readonly Judged[] | undefined };
  return async (view: IncidentView): Promise<Pick<IncidentView, 'progress'>> => {
    const now = clock.now();
    const switchAt = verifying(view)?.switchAt;
    if (switchAt === undefined) return {};
    if (switchAt !== read.switchAt || now - read.at >= PROGRESS_MS) {
      read = { at: now, switchAt, judged: await readProgress(signals, view, now) };
    }
    return read.judged ? { progress: read.judged } : {};
  };
}

/** Trouble outside is told once and waited out: who watches an incident is the last to give up on it. */
function patient(
  { onTrouble }: Watching,
  look: () => Promise<IncidentView | undefined>,
): () => Promise<IncidentView | 'none' | undefined> {
  let troubled = false;
  return async () => {
    try {
      const seen = (await look()) ?? 'none';
      if (troubled) onTrouble?.('It can be read again');
      troubled = false;
      return seen;
    } catch (error) {
      if (!(error instanceof OutsideTrouble)) throw error;
      if (!troubled) onTrouble?.(`${sentenceOf(error)}; asking again`);
      troubled = true;
      return undefined;
    }
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
