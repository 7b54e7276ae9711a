import { ackWrites, closeWrites, type Person } from '../core/desk.ts';
import { BadInput, NotReady } from '../core/errors.ts';
import type { Incident } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import { figuresOf } from '../core/times.ts';
import { dateTime, duration } from '../report/format.ts';
import type { Listed } from '../report/index-page.ts';
import { pagesOf } from '../stages/closing-report.ts';
import type { Answer } from './answer.ts';
import { checkService, command, type Desk, recordsOf } from './desk.ts';
import { findIncident, isAtWork } from './find-incident.ts';
import { ackOf, listedOf } from './listed.ts';
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
  const all = await listedOf(desk, only.service);
  const found = all.filter((i) => !only.open || i.state !== 'closed');
  const head = ['incident', 'state', 'ending', 'opened', 'took', 'recovered in', 'looked after by'];
  const none = [`no ${only.open ? 'open ' : ''}incident in ${desk.environment.name}`];
  const lines = found.length === 0 ? none : table(head, found.map(rowOf), columns);
  return { lines: [...lines, ...figureLines(only.open ? [] : all)], json: found };
}

const rowOf = ({ id, state, ending, openedAt, endedAt, times, dryRun, acknowledgedBy }: Listed): string[] => [
  id,
  state,
  `${ending ?? ''}${dryRun === true ? ' (dry run)' : ''}`.trim(),
  dateTime(openedAt),
  endedAt === undefined ? '' : duration((endedAt - openedAt) / 1000),
  times?.recover === undefined ? '' : duration(times.recover),
  acknowledgedBy ?? '',
];

/** `recommender: 2 of 3 recovered, p50 2 min 41 s, p95 6 min, goal 5 min, 1 past it`; dry runs do not count. */
function figureLines(incidents: readonly Listed[]): string[] {
  const services = [...new Set(incidents.map(({ service }) => service))].sort((a, b) => (a < b ? -1 : 1));
  const figures = services.map((service) =>
    figuresOf(
      service,
      incidents.filter((i) => i.service === service),
    ),
  );
  const lines = figures.flatMap(({ service, incidents: all, recovered, late, p50, p95, goal }) =>
    p50 === undefined || p95 === undefined || goal === undefined
      ? []
      : [
          `${service}: ${recovered} of ${all} recovered, p50 ${duration(p50)}, p95 ${duration(p95)}, goal ${duration(goal)}, ${late} past it`,
        ],
  );
  return lines.length === 0 ? [] : ['', 'time to recover, of all incidents that acted', ...lines];
}

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
