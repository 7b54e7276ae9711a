import { duration } from '../core/amounts.ts';
import type { IncidentSummary } from '../core/incident.ts';
import { type Figures, figuresOf, type IncidentTimes } from '../core/times.ts';
import { SYMBOL, TONE } from './ending.ts';
import { count, dateTime, timeTag } from './format.ts';
import { type Html, html } from './html.ts';
import { recoveries } from './recoveries.ts';
import { shell } from './shell.ts';

/** An incident in the list. */
export interface Listed extends IncidentSummary {
  readonly service: string;
  /** Its report, as a path from the list's own folder. @default - there is none */
  readonly href?: string;
  /** Who looks after it, where it is open. */
  readonly acknowledgedBy?: string;
}

/** What the list is of. */
export interface Index {
  readonly environment: string;
  readonly incidents: readonly Listed[];
  /** How many older ones are not listed. @default 0 */
  readonly older?: number;
}

/** All incidents of an environment on one page, the newest first, and how long they took against the goal. */
export function renderIndex({ environment, incidents, older = 0 }: Index): string {
  const sorted = incidents.toSorted((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? -1 : 1));
  const drills = sorted.filter(isDrill);
  const real = sorted.filter((i) => !isDrill(i));
  const title = `Incidents of ${environment}`;
  const body = html`<header><p class="kind">Reinstate · ${environment}</p>
<h1>${title}</h1>
<p class="why">${summary(real, drills)}</p></header>
<main>
${figures(real)}
${list({ id: 'incidents', title: 'Incidents', incidents: real })}
${drills.length > 0 && list({ id: 'drills', title: 'Dry runs and drills', incidents: drills })}
</main>
<footer>${older > 0 && `${count(older, 'older incident')} not listed. `}All times are UTC. Dry runs and drills do not count in the figures.</footer>`;
  return shell({ title, tone: worstTone(real), body });
}

const isDrill = ({ dryRun }: Listed): boolean => dryRun === true;

/** Red while one waits for people, else as the newest ended. */
function worstTone(incidents: readonly Listed[]) {
  const open = incidents.find(({ state }) => state !== 'closed');
  if (open) return open.ending === undefined ? 'blue' : TONE[open.ending];
  return incidents[0]?.ending === undefined ? 'slate' : TONE[incidents[0].ending];
}

function summary(real: readonly Listed[], drills: readonly Listed[]): string {
  const open = real.filter(({ state }) => state !== 'closed').length;
  const waiting = open === 0 ? 'none is open' : `${open} ${open === 1 ? 'is' : 'are'} open`;
  const tried =
    drills.length > 0
      ? `, and ${drills.length === 1 ? '1 dry run or drill' : `${drills.length} dry runs or drills`}`
      : '';
  return `${count(real.length, 'incident')}, ${waiting}${tried}.`;
}

/** p50 and p95 against the goal, service by service. */
function figures(incidents: readonly Listed[]): Html | undefined {
  const services = [...new Set(incidents.map(({ service }) => service))].sort((a, b) => (a < b ? -1 : 1));
  const rows = services.map((service) => {
    const own = incidents.filter((i) => i.service === service);
    return figureRow(figuresOf(service, own), own);
  });
  if (rows.length === 0) return undefined;
  return html`<section aria-labelledby="figures"><h2 id="figures">Time to recover</h2>
<p class="note">From the alarm to the verdict recovered, over all incidents that pulled a lever. Each dot is one of them, the line is the goal.</p>
<table class="stack"><thead><tr><th scope="col">Service</th><th scope="col">Recovered</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">Goal</th><th scope="col">Past it</th><th scope="col">Each</th></tr></thead>
<tbody>${rows}</tbody></table></section>`;
}

function figureRow(
  { service, recovered, incidents, p50, p95, goal, late }: Figures,
  own: readonly Listed[],
): Html {
  return html`<tr><th scope="row">${service}</th><td data-label="Recovered">${recovered} of ${incidents}</td>${timeCell('p50', p50, goal)}${timeCell('p95', p95, goal)}<td data-label="Goal">${goal === undefined ? '–' : duration(goal)}</td><td data-label="Past it">${late}</td><td data-label="Each">${recoveries(service, own)}</td></tr>\n`;
}

/** Marked where it is past the goal. */
function timeCell(label: string, seconds?: number, goal?: number): Html {
  if (seconds === undefined) return html`<td data-label="${label}">–</td>`;
  const late = goal !== undefined && seconds > goal;
  return html`<td data-label="${label}" class="${late ? 'bad' : 'good'}">${duration(seconds)}${late && html` <small>past the goal</small>`}</td>`;
}

interface List {
  readonly id: string;
  readonly title: string;
  readonly incidents: readonly Listed[];
}

function list({ id, title, incidents }: List): Html {
  const table = html`<table class="stack incidents"><thead><tr><th scope="col">Opened</th><th scope="col">Service</th><th scope="col">Ending</th><th scope="col">Detect</th><th scope="col">Act</th><th scope="col">Recover</th></tr></thead>
<tbody>${incidents.map(row)}</tbody></table>`;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${incidents.length > 0 ? table : html`<p class="empty">There was none yet.</p>`}</section>`;
}

function row(incident: Listed): Html {
  const { id, service, openedAt, href, times } = incident;
  const name = timeTag(openedAt, dateTime);
  return html`<tr><th scope="row">${href === undefined ? name : html`<a href="${href}">${name}</a>`}<small>${id}</small></th><td data-label="Service">${service}</td><td data-label="Ending">${ending(incident)}</td>${known('Detect', times?.detect)}${known('Act', times?.act)}${timeCell('Recover', times?.recover, times?.goal)}</tr>\n`;
}

const known = (label: string, seconds?: IncidentTimes['act']): Html =>
  html`<td data-label="${label}">${seconds === undefined ? '–' : duration(seconds)}</td>`;

function ending({ state, ending: how, acknowledgedBy, dryRun }: Listed): Html {
  const chip =
    how === undefined
      ? html`<span class="chip blue">${state}</span>`
      : html`<span class="chip ${TONE[how]}"><span aria-hidden="true">${SYMBOL[how]}</span> ${how}</span>`;
  const waits =
    state === 'ended' &&
    html` <small>waits for a person${acknowledgedBy !== undefined && `: ${acknowledgedBy} looks after it`}</small>`;
  return html`${chip}${dryRun === true && html` <small>dry run</small>`}${waits}`;
}
