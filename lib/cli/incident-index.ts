/** All incidents of an environment as a page, and their reports beside it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sideBySide } from '../adapters/side-by-side.ts';
import { sentenceOf } from '../core/errors.ts';
import { checkReportVersion } from '../core/format.ts';
import type { ClosingReport } from '../core/report.ts';
import { type IncidentTimes, timesOf } from '../core/times.ts';
import { count } from '../report/format.ts';
import { type Listed, renderIndex } from '../report/index-page.ts';
import { checkService, type Desk, recordsOf } from './desk.ts';
import { fetchReport } from './fetch-report.ts';
import type { Host } from './host.ts';
import { listedOf } from './listed.ts';
import type { Written } from './written.ts';

/** More than these would be a page that nobody reads, and a long time to fetch. */
const MOST_LISTED = 500;
/** Reports that are fetched, the newest. */
const MOST_REPORTS = 50;
/** So many at once. */
const AT_ONCE = 8;

/** @param service only its incidents. @throws BadInput where there is no such service. */
export async function writeIndex({ cwd }: Pick<Host, 'cwd'>, desk: Desk, service?: string): Promise<Written> {
  if (service !== undefined) checkService(desk, service);
  const environment = desk.environment.name;
  const folder = desk.copies ?? join(cwd, `reinstate-reports-${environment}`);
  mkdirSync(folder, { recursive: true });
  const all = await listedOf(desk, service);
  const newest = all.slice(0, MOST_LISTED);
  const { incidents, problems } = await withReports(desk, newest, folder);
  const path = join(folder, 'index.html');
  writeFileSync(path, renderIndex({ environment, incidents, older: all.length - newest.length }));
  return { path, lines: lines(problems), json: { incidents: incidents.length, problems } };
}

const lines = (problems: readonly string[]): string[] => {
  const [first] = problems;
  return first === undefined ? [] : [`${count(problems.length, 'report')} could not be fetched: ${first}`];
};

async function withReports(desk: Desk, listed: readonly Listed[], folder: string) {
  const wanted = listed.slice(0, MOST_REPORTS);
  const fetched = await sideBySide(wanted, AT_ONCE, (one) => withReport(desk, one, folder));
  const problems = fetched.flatMap((one) => (one.status === 'rejected' ? [sentenceOf(one.reason)] : []));
  const incidents = listed.map((one, n) => (fetched[n]?.status === 'fulfilled' ? fetched[n].value : one));
  return { incidents, problems };
}

/** The report beside the list; of incidents from before times were kept in the table, it has them. */
async function withReport(desk: Desk, listed: Listed, folder: string): Promise<Listed> {
  const incident = await recordsOf(desk).incident(listed.id);
  if (incident?.reportUrl === undefined) return listed;
  const { html, json } = await fetchReport(desk, incident);
  const href = `${listed.id}.html`;
  writeFileSync(join(folder, href), html);
  return { ...listed, href, times: listed.times ?? timesIn(json, listed.id) };
}

function timesIn(json: string, id: string): IncidentTimes {
  const report: unknown = JSON.parse(json);
  checkReportVersion(report, id);
  return timesOf(report as ClosingReport);
}
