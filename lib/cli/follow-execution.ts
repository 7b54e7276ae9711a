/** From an execution that a person started to the end of its incident. */
import { NotReady } from '../core/errors.ts';
import { keys } from '../core/keys.ts';
import type { Answer } from './answer.ts';
import { command, type Desk } from './desk.ts';
import { standingOf } from './find-incident.ts';
import { type IncidentView, isOver } from './incident-view.ts';
import { interruptible, remark, type Session } from './session.ts';
import { showIncident } from './show-incident.ts';
import { endsWell } from './tree-end.ts';

export interface Started {
  readonly execution: string;
  readonly service: string;
}

export async function followExecution(session: Session, desk: Desk, started: Started): Promise<Answer> {
  return interruptible(session.host, async (signal) => {
    const opened = await awaitIncident(desk, started, signal);
    if (signal.aborted) return leftAlone(desk, started.service);
    if ('refused' in opened) return refused(opened.refused);
    if (opened.joined) {
      remark(session, `incident ${opened.incident} was open already, so nothing new was opened; watching it`);
    }
    const show = { incident: opened.incident, signal, json: session.json };
    const view = await showIncident(desk, session.host, show);
    return view && isOver(view.incident) ? endOf(view) : leftAlone(desk, opened.incident);
  });
}

type Opened = { readonly incident: string; readonly joined: boolean } | { readonly refused: string };

const ASK_MS = 500;
/** A cold start and the retries of the first state. */
const OPENS_WITHIN_MS = 120_000;

/** @throws NotReady when the execution neither opens an incident nor ends. */
async function awaitIncident(desk: Desk, started: Started, signal: AbortSignal): Promise<Opened> {
  const startedAt = desk.clock.now();
  while (!signal.aborted && desk.clock.now() - startedAt < OPENS_WITHIN_MS) {
    // The status first: what an execution has written before it ended is there when it has.
    const status = await desk.machine.status(started.execution);
    const own = await desk.ledger.get(keys.execution(started.execution));
    if (own) return { incident: String(own['incident']), joined: false };
    if (status !== 'running' && status !== 'unknown') return withoutIncident(desk, started, startedAt);
    await desk.clock.sleep(ASK_MS);
  }
  if (signal.aborted) return { refused: '' };
  throw new NotReady(
    `Cannot see an incident of "${started.service}" after ${OPENS_WITHIN_MS / 1000} s; look at execution ${started.execution}, or later: ${command(desk, `watch ${started.service}`)}`,
  );
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

const refused = (sentence: string): Answer => ({
  lines: [sentence],
  json: { event: 'refused', text: sentence },
  streams: true,
  exit: 1,
});

/** Ctrl-C: what was started goes on, as with `--no-watch`. */
export function leftAlone(desk: Desk, what: string): Answer {
  const [again, stop] = [command(desk, `watch ${what}`), command(desk, `cancel ${what}`)];
  return {
    lines: [`stopped watching; it goes on without you. Watch again: ${again}`, `stop it: ${stop}`],
    json: { event: 'left', text: 'stopped watching; it goes on', watch: again, cancel: stop },
    streams: true,
  };
}

function endOf({ incident }: IncidentView): Answer {
  const { id, ending = 'escalated', state, reportUrl } = incident;
  const json = { event: 'over', incident: id, ending, state, ...(reportUrl && { reportUrl }) };
  return { lines: [], json, streams: true, exit: endsWell(incident) ? 0 : 1 };
}
