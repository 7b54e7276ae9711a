import type { Answer } from './answer.ts';
import { command, type Desk, recordsOf } from './desk.ts';
import { findIncident } from './find-incident.ts';
import { exitOf, leftAlone } from './follow-execution.ts';
import { isOver } from './incident-view.ts';
import { listedOf } from './listed.ts';
import { askUntil } from './patience.ts';
import type { Register } from './program.ts';
import { interruptible, remark, type Session } from './session.ts';
import { showIncident } from './show-incident.ts';
import { endedEvent, isoAt } from './watch-events.ts';

export const watchCommand: Register = (program, act) => {
  program
    .command('watch')
    .description('watch an incident as it goes on, or wait for the next one; Ctrl-C stops only the watching')
    .argument('[incident|service]')
    .action(act(async (session, { args: [what] }) => watch(session, what)));
};

async function watch(session: Session, what: string | undefined): Promise<Answer> {
  const desk = await session.desk();
  return interruptible(session.host, async (signal) => {
    const incident = await incidentFor(session, { desk, what, signal });
    if (incident === undefined) return stoppedWaiting(desk, signal);
    const show = { incident, signal, json: session.json };
    const view = await showIncident(desk, session.host, show);
    return view && isOver(view.incident)
      ? { lines: [], json: endedEvent(view), streams: true }
      : leftAlone(desk, { what: incident, signal });
  });
}

function stoppedWaiting({ clock }: Desk, signal: AbortSignal): Answer {
  const text = 'stopped waiting; nothing else was stopped';
  const json = { type: 'left', at: isoAt(clock.now()), text };
  return { lines: [text], json, streams: true, exit: exitOf(signal) };
}

interface Wish {
  readonly desk: Desk;
  readonly what: string | undefined;
  readonly signal: AbortSignal;
}

/** The one that was named; else the newest that is at work, or the next one. */
async function incidentFor(session: Session, { desk, what, signal }: Wish): Promise<string | undefined> {
  if (what !== undefined && !desk.services.includes(what)) return (await findIncident(desk, what)).id;
  const found = await openIncidentOf(desk, what);
  if (found !== undefined) return found;
  remark(session, `no incident of ${what ?? desk.environment.name} is open; waiting for the next one`);
  const [last] = await listedOf(desk, what);
  if (last)
    remark(
      session,
      `the last one ended: ${last.ending ?? 'not said'}; see it: ${command(desk, `watch ${last.id}`)}`,
    );
  return awaitOpenIncident(session, { desk, what, signal });
}

/** Waits until an incident is open: of one service, or of any. @returns nothing when it was stopped before. */
async function awaitOpenIncident(
  session: Session,
  { desk, what, signal }: Wish,
): Promise<string | undefined> {
  return askUntil(session, { clock: desk.clock, signal }, () => openIncidentOf(desk, what));
}

/** Of several the newest; the pointer of a closed one that is looked at once more does not count. */
async function openIncidentOf(desk: Pick<Desk, 'ledger'>, service: string | undefined) {
  const read = recordsOf(desk);
  const pointers = (await read.open()).filter((p) => service === undefined || p.service === service);
  const incidents = await Promise.all(pointers.map((p) => read.incident(p.incident)));
  const open = incidents.filter((i) => i !== undefined).filter((i) => i.state !== 'closed');
  return open.sort((a, b) => b.openedAt - a.openedAt)[0]?.id;
}
