import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../core/errors.ts';
import { checkReportVersion } from '../core/format.ts';
import type { Incident } from '../core/incident.ts';
import type { Answer } from './answer.ts';
import type { Desk } from './desk.ts';
import { fetchReport } from './fetch-report.ts';
import { findIncident } from './find-incident.ts';
import type { Host } from './host.ts';
import { writeIndex } from './incident-index.ts';
import type { Register } from './program.ts';
import type { Written } from './written.ts';

export const reportCommand: Register = (program, act) => {
  program
    .command('report')
    .description(
      'fetch the closing report of an incident, or the list of all, as a page that needs no network',
    )
    .argument('[incident|service]')
    .option('--json', 'print the report itself as JSON; write no page')
    .option('--open', 'show the page in the browser')
    .option('--open-path', 'print nothing but the path of the page, for: open "$(npx reinstate report ...)"')
    .option('--index', 'one page of all incidents and dry runs, with their reports beside it')
    .action(
      act(async (session, { args: [what], options }) => {
        const wants = { open: options['open'] === true, bare: options['openPath'] === true };
        if (options['index'] === true) {
          const desk = await session.desk();
          return shown(session.host, await writeIndex(session.host, desk, what), wants);
        }
        if (what === undefined) throw new BadInput(NOTHING_NAMED);
        const desk = await session.desk();
        const incident = await findIncident(desk, what);
        if (options['json'] === true) return printReport(desk, incident);
        return shown(session.host, await writePage(session.host, desk, incident), wants);
      }),
    );
};

const NOTHING_NAMED =
  'Cannot fetch a report: no incident is named; expected an incident, a service for its newest one, or --index';

async function printReport(desk: Desk, incident: Incident): Promise<Answer> {
  const { json } = await fetchReport(desk, incident);
  const report: unknown = JSON.parse(json);
  checkReportVersion(report, incident.id);
  return { lines: json.split('\n'), json: report };
}

interface Wants {
  readonly open: boolean;
  /** The path alone. */
  readonly bare: boolean;
}

/** Where the page is; in the browser, where that is wanted and there is one. */
async function shown(
  host: Pick<Host, 'browse'>,
  { path, lines, json }: Written,
  { open, bare }: Wants,
): Promise<Answer> {
  const isOpen = open && ((await host.browse?.(path)) ?? false);
  const told = open && !isOpen ? ['no browser was found here; open the file in one'] : [];
  return {
    lines: bare ? [path] : [`wrote ${path}`, ...lines, ...told],
    json: { ...json, path, ...(open && { opened: isOpen }) },
  };
}

async function writePage({ cwd }: Pick<Host, 'cwd'>, desk: Desk, incident: Incident): Promise<Written> {
  const { html } = await fetchReport(desk, incident);
  const path = join(cwd, `reinstate-${incident.id}.html`);
  writeFileSync(path, html);
  return { path, lines: [], json: { incident: incident.id } };
}
