import { type Acknowledged, ackWrites, closeWrites, type Person } from '../core/desk.ts';
import { BadInput, NotReady } from '../core/errors.ts';
import type { Incident, IncidentSummary } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import { dateTime, duration } from '../report/format.ts';
import { pagesOf } from '../stages/closing-report.ts';
import type { Answer } from './answer.ts';
import { checkService, command, type Desk, recordsOf } from './desk.ts';
import { findIncident, isAtWork } from './find-incident.ts';
import { byOption, personOf } from './person.ts';
import type { Register } from './program.ts';
import { text } from './session.ts';
import { table } from './text.ts';

export const incidentsCommand: Register = (program, act) => {
  const incidents = program
    .command('incidents')
    .description('list incidents, the newest first')
    .option('--service <name>', 'only this service')
    .option('--open', 'only those that are not closed')
    .action(
      act(async (session, { options }) => {
        const only = { service: text(options['service']), open: options['open'] === true };
        return listIncidents(await session.desk(), only, session.host.terminal.columns);
      }),
    );
  incidents
    .command('ack')
    .description('say that you look after an incident')
    .argument('<incident>')
    .addOption(byOption())
    .action(
      act(async (session, { args: [id = ''], options }) => {
        const desk = await session.desk();
        return ack(desk, id, personOf(session, desk, options));
      }),
    );
  incidents
    .command('close')
    .description('close an incident that ended contained or escalated; its service can be rolled back again')
    .argument('<incident>')
    .option('--reason <text>', 'how it came out', 'not said')
    .addOption(byOption())
    .action(
      act(async (session, { args: [id = ''], options }) => {
        const desk = await session.desk();
        return close(desk, id, personOf(session, desk, options));
      }),
    );
};

interface Only {
  readonly service: string | undefined;
  readonly open: boolean;
}

async function listIncidents(desk: Desk, only: Only, columns: number): Promise<Answer> {
  if (only.service !== undefined) checkService(desk, only.service);
  const services = only.service === undefined ? desk.services : [only.service];
  const lists = await Promise.all(services.map((service) => ofService(desk, service)));
  const found = lists
    .flat()
    .filter((i) => !only.open || i.state !== 'closed')
    .sort((a, b) => b.openedAt - a.openedAt);
  const head = ['incident', 'state', 'ending', 'opened', 'took', 'looked after by'];
  const none = [`no ${only.open ? 'open ' : ''}incident in ${desk.environment.name}`];
  return { lines: found.length === 0 ? none : table(head, found.map(rowOf), columns), json: found };
}

type Listed = Omit<IncidentSummary, 'acted'> & { service: string; acknowledgedBy?: string };

async function ofService(desk: Desk, service: string): Promise<Listed[]> {
  const summaries = await recordsOf(desk).summaries(service);
  return Promise.all(
    summaries.map(async ({ id, openedAt, state, acted, ending, endedAt }) => {
      const by = state === 'closed' ? undefined : (await ackOf(desk, id))?.by;
      const known = {
        ...(ending && { ending }),
        ...(endedAt && { endedAt }),
        ...(by && { acknowledgedBy: by }),
      };
      return { id, service, state, openedAt, acted, ...known };
    }),
  );
}

const ackOf = async ({ ledger }: Desk, id: string) =>
  (await ledger.get(keys.note(id, 'ack'))) as Acknowledged | undefined;

const rowOf = ({ id, state, ending, openedAt, endedAt, acknowledgedBy }: Listed): string[] => [
  id,
  state,
  ending ?? '',
  dateTime(openedAt),
  endedAt === undefined ? '' : duration((endedAt - openedAt) / 1000),
  acknowledgedBy ?? '',
];

async function ack(desk: Desk, what: string, person: Person): Promise<Answer> {
  const incident = await findIncident(desk, what);
  const written = await desk.ledger.write(ackWrites(incident.id, person));
  const by = (await ackOf(desk, incident.id))?.by;
  const json = { incident: incident.id, acknowledgedBy: by ?? null };
  if (written.outcome === 'written') return { lines: [`${person.by} looks after ${incident.id}`], json };
  if (by !== undefined) return { lines: [`${by} looks after ${incident.id} already`], json };
  throw new BadInput(`Cannot acknowledge ${incident.id}: it is closed`);
}

async function close(desk: Desk, what: string, person: Person): Promise<Answer> {
  const incident = await findIncident(desk, what);
  checkEnded(desk, incident);
  const pointer = await desk.ledger.get(keys.open(incident.id));
  // Whoever was called hears from the sweeper that it is over.
  const paged = (await pagesOf(desk, incident.id)).length > 0;
  const unfinished = paged || pointer?.['unfinished'] !== undefined;
  const written = await desk.ledger.write(closeWrites(incident, person, unfinished));
  if (written.outcome === 'conflict') {
    throw new NotReady(
      `Cannot close ${incident.id}: an alarm joined it, or somebody else closed it, at this moment; look again: ${command(desk, `watch ${incident.id}`)}`,
    );
  }
  return {
    lines: [`closed ${incident.id}`, ...(await stillRed(desk, incident))],
    json: { incident: incident.id, state: 'closed', closedBy: person.by },
  };
}

function checkEnded(desk: Desk, incident: Incident): void {
  if (incident.state === 'closed') throw new BadInput(`Cannot close ${incident.id}: it is closed already`);
  if (!isAtWork(incident)) return;
  throw new NotReady(
    `Cannot close ${incident.id}: it is ${incident.state}; wait until it has ended, or stop it: ${command(desk, `cancel ${incident.id}`)}`,
  );
}

/** Its transition belongs to this incident, so that it opens no other until it changes again. */
async function stillRed(desk: Desk, { id, service }: Incident): Promise<string[]> {
  try {
    const [armed, attached] = await Promise.all([recordsOf(desk).armed(id), recordsOf(desk).alarms(id)]);
    const ours = armed?.alarms.filter(({ arn }) => attached.some((a) => a.arn === arn)) ?? [];
    const red = (await desk.signals.alarms(ours)).filter((reading) => reading.state === 'ALARM');
    return red.map(
      ({ arn }) =>
        `alarm ${arn.split(':alarm:').at(-1)} is still red and opens no new incident until it changes; see ${command(desk, `plan ${service}`)}`,
    );
  } catch {
    return ['its alarms could not be read; look whether they are well'];
  }
}
