/** From an execution that a person started to the end of its incident. */
import { NotReady } from '../core/errors.ts';
import { keys } from '../core/keys.ts';
import { type Answer, type ExitCode, STOPPED, type StopSignal } from './answer.ts';
import { command, type Desk } from './desk.ts';
import { standingOf } from './find-incident.ts';
import { type IncidentView, isOver } from './incident-view.ts';
import { askUntil } from './patience.ts';
import { interruptible, remark, type Session } from './session.ts';
import { showIncident } from './show-incident.ts';
import { endsWell } from './tree-end.ts';
import { endedEvent, isoAt } from './watch-events.ts';

export interface Started {
  readonly execution: string;
  readonly service: string;
}

/** Waits for the incident that an execution opens or joins, and watches it; Ctrl-C leaves it running. */
export async function followExecution(session: Session, desk: Desk, started: Started): Promise<Answer> {
  return interruptible(session.host, async (signal) => {
    const opened = await awaitIncident(session, desk, { ...started, signal });
    if (opened === undefined) return leftAlone(desk, { what: started.service, signal });
    if ('refused' in opened) return refused(desk, opened.refused);
    if (opened.joined) {
      remark(session, `incident ${opened.incident} was open already, so nothing new was opened; watching it`);
    }
    const show = { incident: opened.incident, signal, json: session.json };
    const view = await showIncident(desk, session.host, show);
    return view && isOver(view.incident) ? endOf(view) : leftAlone(desk, { what: opened.incident, signal });
  });
}

type Opened = { readonly incident: string; readonly joined: boolean } | { readonly refused: string };

/** A cold start and the retries of the first state. */
const OPENS_WITHIN_MS = 120_000;

/** @returns nothing when it was stopped before. @throws NotReady when the execution neither opens an incident nor ends. */
async function awaitIncident(
  session: Session,
  desk: Desk,
  started: Started & { readonly signal: AbortSignal },
): Promise<Opened | undefined> {
  const startedAt = desk.clock.now();
  const { execution, service, signal } = started;
  return askUntil(session, { clock: desk.clock, signal }, async () => {
    // The status first: what an execution has written before it ended is there when it has.
    const status = await desk.machine.status(execution);
    const own = await desk.ledger.get(keys.execution(execution));
    if (own) return { incident: String(own['incident']), joined: false };
    if (status !== 'running' && status !== 'unknown') return withoutIncident(desk, started, startedAt);
    if (desk.clock.now() - startedAt < OPENS_WITHIN_MS) return undefined;
    throw new NotReady(
      `Cannot see an incident of "${service}" after ${OPENS_WITHIN_MS / 1000} s; look at execution ${execution}, or later: ${command(desk, `watch ${service}`)}`,
    );
  });
}

/** It was refused at the door, it joined an incident that was open, or it failed. */
async function withoutIncident(desk: Desk, started: Started, startedAt: number): Promise<Opened> {
  const refusal = await refusalOf(desk, started.execution, startedAt);
  if (refusal !== undefined) return { refused: `refused: ${refusal}` };
  const { incident } = await standingOf(desk, started.service);
  if (incident && incident.state !== 'closed') return { incident: incident.id, joined: true };
  return { refused: `execution ${started.execution} ended and opened no incident; start it again` };
}

/** Refusals stand in order of time; those of the same days begin with the same digits. */
async function refusalOf(desk: Desk, execution: string, startedAt: number): Promise<string | undefined> {
  const { pk } = keys.refusal(startedAt, execution);
  const items = await desk.ledger.list(pk, String(startedAt).slice(0, 5));
  const found = items.find((item) => item['execution'] === execution);
  return found && String(found['reason']);
}

const refused = ({ clock }: Desk, sentence: string): Answer => ({
  lines: [sentence],
  json: { type: 'refused', at: isoAt(clock.now()), text: sentence },
  streams: true,
  exit: 1,
});

export interface Left {
  /** The incident, or its service where the incident is not known yet. */
  readonly what: string;
  readonly signal: AbortSignal;
}

/** Ctrl-C: what was started goes on, as with `--no-watch`. */
export function leftAlone(desk: Desk, { what, signal }: Left): Answer {
  const [again, cancel] = [command(desk, `watch ${what}`), command(desk, `cancel ${what}`)];
  const text = `stopped watching; ${what} goes on without you`;
  return {
    lines: [text, `watch it again: ${again}`, `stop it: ${cancel}`],
    json: { type: 'left', at: isoAt(desk.clock.now()), text, watch: again, cancel },
    streams: true,
    exit: exitOf(signal),
  };
}

/** As a shell numbers what told the command to stop. */
export const exitOf = ({ reason }: AbortSignal): ExitCode =>
  STOPPED[(Object.keys(STOPPED) as StopSignal[]).find((name) => name === reason) ?? 'SIGINT'];

const endOf = (view: IncidentView): Answer => ({
  lines: [],
  json: endedEvent(view),
  streams: true,
  exit: endsWell(view.incident) ? 0 : 1,
});
