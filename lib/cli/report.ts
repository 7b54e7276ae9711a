import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotReady } from '../core/errors.ts';
import { checkReportVersion } from '../core/format.ts';
import type { Incident } from '../core/incident.ts';
import type { Answer } from './answer.ts';
import { command, type Desk } from './desk.ts';
import { findIncident } from './find-incident.ts';
import type { Host } from './host.ts';
import { isOver } from './incident-view.ts';
import type { Register } from './program.ts';

export const reportCommand: Register = (program, act) => {
  program
    .command('report')
    .description('fetch the closing report of an incident as a page that needs no network')
    .argument('<incident|service>')
    .option('--json', 'print the report itself as JSON; write no page')
    .option('--open-path', 'print nothing but the path of the page, for: open "$(npx reinstate report ...)"')
    .action(
      act(async (session, { args: [what = ''], options }) => {
        const desk = await session.desk();
        const incident = await findIncident(desk, what);
        if (options['json'] === true) return printReport(desk, incident);
        return writePage(session.host, desk, { incident, bare: options['openPath'] === true });
      }),
    );
};

async function printReport(desk: Desk, incident: Incident): Promise<Answer> {
  const { json } = await fetchReport(desk, incident);
  const report: unknown = JSON.parse(json);
  checkReportVersion(report, incident.id);
  return { lines: json.split('\n'), json: report };
}

interface Page {
  readonly incident: Incident;
  readonly bare: boolean;
}

async function writePage({ cwd }: Pick<Host, 'cwd'>, desk: Desk, { incident, bare }: Page): Promise<Answer> {
  const { html } = await fetchReport(desk, incident);
  const path = join(cwd, `reinstate-${incident.id}.html`);
  writeFileSync(path, html);
  return { lines: [bare ? path : `wrote ${path}`], json: { incident: incident.id, path } };
}

/** The page and its JSON; where reports have a folder of their own, a copy of both goes there. */
export async function fetchReport(
  desk: Pick<Desk, 'reports' | 'copies' | 'environment'>,
  incident: Incident,
): Promise<{ html: string; json: string }> {
  const url = reportUrlOf(desk, incident);
  const [html, json] = await Promise.all([
    desk.reports.get(url),
    desk.reports.get(url.replace(/\.html$/, '.json')),
  ]);
  if (desk.copies !== undefined) {
    mkdirSync(desk.copies, { recursive: true });
    writeFileSync(join(desk.copies, `${incident.id}.html`), html);
    writeFileSync(join(desk.copies, `${incident.id}.json`), json);
  }
  return { html, json };
}

function reportUrlOf(desk: Pick<Desk, 'environment'>, incident: Incident): string {
  const { id, state, reportUrl } = incident;
  if (reportUrl) return reportUrl;
  const why = isOver(incident) ? 'it could not be stored yet; try again in a minute' : `it is ${state}`;
  const next = isOver(incident) ? '' : `; wait for its end: ${command(desk, `watch ${id}`)}`;
  throw new NotReady(`Cannot fetch the report of ${id}: ${why}${next}`);
}
