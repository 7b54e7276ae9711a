import type { Answer } from './answer.ts';
import { type Desk, recordsOf } from './desk.ts';
import { findIncident } from './find-incident.ts';
import { leftAlone } from './follow-execution.ts';
import { isOver } from './incident-view.ts';
import type { Register } from './program.ts';
import { interruptible, remark, type Session } from './session.ts';
import { showIncident } from './show-incident.ts';

export const watchCommand: Register = (program, act) => {
  program
    .command('watch')
    .description('watch an incident as it goes on, or wait for the next one; Ctrl-C stops watching only')
    .argument('[incident|service]')
    .action(act(async (session, { args: [what] }) => watch(session, what)));
};

async function watch(session: Session, what: string | undefined): Promise<Answer> {
  const desk = await session.desk();
  return interruptible(session.host, async (signal) => {
    const incident = await incidentFor(session, { desk, what, signal });
    if (incident === undefined) return stoppedWaiting;
    const show = { incident, signal, json: session.json };
    const view = await showIncident(desk, session.host, show);
    return view && isOver(view.incident)
      ? { lines: [], json: { event: 'over', incident, ending: view.incident.ending }, streams: true }
      : leftAlone(desk, incident);
  });
}

const stoppedWaiting: Answer = {
  lines: ['stopped waiting'],
  json: { event: 'left', text: 'stopped waiting' },
  streams: true,
};

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
  return awaitOpenIncident(desk, what, signal);
}

const ASK_MS = 1000;

/** Waits until an incident is open: of one service, or of any. @returns nothing when it was stopped before. */
export async function awaitOpenIncident(
  desk: Pick<Desk, 'ledger' | 'clock'>,
  service: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  while (!signal.aborted) {
    const found = await openIncidentOf(desk, service);
    if (found !== undefined) return found;
    await desk.clock.sleep(ASK_MS);
  }
  return undefined;
}

/** Of several the newest; the pointer of a closed one that is looked at once more does not count. */
async function openIncidentOf(desk: Pick<Desk, 'ledger'>, service: string | undefined) {
  const read = recordsOf(desk);
  const pointers = (await read.open()).filter((p) => service === undefined || p.service === service);
  const incidents = await Promise.all(pointers.map((p) => read.incident(p.incident)));
  const open = incidents.filter((i) => i !== undefined).filter((i) => i.state !== 'closed');
  return open.sort((a, b) => b.openedAt - a.openedAt)[0]?.id;
}
