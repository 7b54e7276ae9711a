import { QUARANTINE_DAYS } from '../core/release.ts';
import type { ClosingReport, PageRecord } from '../core/report.ts';
import type { CallEntry } from '../core/service.ts';
import { say } from '../core/step.ts';
import { dateTime, duration, timeTag } from './format.ts';
import { commandBlock, type Html, html, withCode } from './html.ts';

/** Levers that were not pulled, and why. */
export function leftOut({ leftOut: levers }: ClosingReport): Html | undefined {
  if (levers.length === 0) return undefined;
  const items = levers.map(
    ({ lever, reason, manual }) =>
      html`<li><p><b>${lever}</b>: ${reason}.</p>${manual !== undefined && html`<details><summary>By hand</summary>${commandBlock(manual)}</details>`}</li>`,
  );
  return html`<section aria-labelledby="left-out"><h2 id="left-out">Levers left out</h2><ul class="plain">${items}</ul></section>`;
}

/** Who is called for the service, who was told, and whether it went out. */
export function people({ call, pages, acknowledged }: ClosingReport): Html {
  const called = call.length > 0 && html`<p>Called for this service: ${call.map(calledText).join(', ')}.</p>`;
  const taken =
    acknowledged && html`<p>Acknowledged by <b>${acknowledged.by}</b> at ${timeTag(acknowledged.at)}.</p>`;
  const table = html`<table class="stack pages"><caption>Pages wake somebody, notifications can wait</caption>
<thead><tr><th scope="col">Time</th><th scope="col">What</th><th scope="col">To</th><th scope="col">Went out</th></tr></thead>
<tbody>${pages.map(pageRow)}</tbody></table>`;
  return html`<section aria-labelledby="people"><h2 id="people">Who was told</h2>${called}
${pages.length > 0 ? table : html`<p class="empty">Nobody had been paged or notified when this report was written.</p>`}${isUnheard(pages) && html`<p class="bad"><b>Nobody had been told when this report was written</b>: no channel took anything. The sweeper tries again each minute.</p>`}${taken ?? (paged(pages) && html`<p>Nobody had acknowledged when this report was written.</p>`)}</section>`;
}

const calledText = ({ to, kind, afterSeconds }: CallEntry): string =>
  `${to} (${kind}${afterSeconds === undefined ? '' : `, unless acknowledged within ${duration(afterSeconds)}`})`;

const isUnheard = (pages: readonly PageRecord[]): boolean =>
  pages.length > 0 && pages.every(({ outcome }) => outcome === 'failed');

const paged = (pages: readonly PageRecord[]): boolean => pages.some(({ urgency }) => urgency === 'page');

const pageRow = ({ at, urgency, subject, channel, to, outcome, problem }: PageRecord): Html =>
  html`<tr><td data-label="Time">${timeTag(at)}</td><td data-label="What"><b>${urgency}</b> ${subject}</td><td data-label="To">${to} <small>${channel}</small></td><td data-label="Went out" class="${outcome === 'sent' ? 'good' : 'bad'}">${outcome === 'sent' ? '✓ sent' : `✗ failed${problem ? `: ${problem}` : ''}`}</td></tr>`;

/** What stands in the way of a promotion now. */
export function doors({ hold, quarantined }: ClosingReport): Html {
  const barred = quarantined.map((q) => html`<li><b>${q.target}</b> ${say(q.value)}</li>`);
  return html`<section aria-labelledby="doors"><h2 id="doors">Hold and quarantine</h2>
<p>${hold ? html`Promotion is on hold since ${timeTag(hold.since, dateTime)}: ${hold.reason}.` : 'No hold stands.'}</p>
${barred.length > 0 ? html`<p>Quarantined for ${QUARANTINE_DAYS} days, unless a person lifts it before; no rollback returns to it, and no baseline may hold it:</p><ul>${barred}</ul>` : html`<p>Nothing was quarantined.</p>`}</section>`;
}

/** What is left for a person to do, in order. */
export function nextSteps({ nextSteps: steps }: ClosingReport): Html {
  return html`<section aria-labelledby="next" class="next"><h2 id="next">Next steps</h2>
${steps.length > 0 ? html`<ol>${steps.map((step) => html`<li>${withCode(step)}</li>`)}</ol>` : html`<p class="empty">Nothing is left to do.</p>`}</section>`;
}
