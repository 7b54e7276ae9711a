/** A stored report: its page and its JSON. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NotReady } from '../core/errors.ts';
import type { Incident } from '../core/incident.ts';
import { command, type Desk } from './desk.ts';
import { isOver } from './incident-view.ts';

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
