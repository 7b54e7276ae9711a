import type { ClosingReport, Mark, Series } from '../core/report.ts';
import { chart } from './chart.ts';
import { timeRange } from './chart-scale.ts';
import { clock, conditionText, date, dateTime, duration, timeTag } from './format.ts';
import { type Html, html } from './html.ts';
import { MEANING, type Numbered, numberedMarks, toneOf } from './marks.ts';

/** The signals against their thresholds, and what happened when: the numbers are the same in both. */
export function timeline(report: ClosingReport): Html {
  const marks = numberedMarks(report);
  return html`${signals(report, marks)}
<section aria-labelledby="timeline"><h2 id="timeline">What happened</h2>${happened(report, marks)}</section>`;
}

function signals({ series }: ClosingReport, all: readonly Numbered[]): Html | undefined {
  const marks = all.filter((m) => m.number !== undefined);
  const range = timeRange(
    series,
    all.filter((m) => m.kind !== 'page'),
  );
  if (!range || series.length === 0) return undefined;
  const figures = series.map(
    (s, index) => html`<figure><figcaption>${caption(s)}</figcaption>
${s.datapoints.length === 0 ? html`<p class="empty">${unread(s)}</p>` : chart({ series: s, marks, range, index })}</figure>`,
  );
  return html`<section aria-labelledby="signals"><h2 id="signals">Signals</h2>
<p class="note">The shaded side is healthy, large dots are unhealthy datapoints; the numbers are explained right below the charts. All times are UTC.</p>
${legend(marks)}
${figures}</section>`;
}

function caption({ signal, well, alarm }: Series): Html {
  const { name, statistic, periodSeconds, unit } = signal;
  const inUnit = unit !== 'ratio' && unit !== 'count' && `, in ${unit}`;
  const calls = alarm && alarm.threshold !== well.threshold && `; alarm ${conditionText(alarm, unit)}`;
  return html`<h3>${name}</h3> ${statistic} over ${duration(periodSeconds)}${inUnit}; healthy ${conditionText(well, unit)}${calls}`;
}

const unread = ({ problem }: Series): string =>
  problem === undefined ? 'No datapoints were read.' : `Not read: ${problem}.`;

/** What the colours of the numbers mean. */
function legend(marks: readonly Numbered[]): Html {
  const tones = [...new Set(marks.map(toneOf))];
  return html`<ul class="legend">${tones.map((tone) => html`<li><span class="dot-of ${tone}" aria-hidden="true"></span>${MEANING[tone]}</li>`)}</ul>`;
}

function happened(report: ClosingReport, marks: readonly Numbered[]): Html {
  const { trigger, openedAt } = report.incident;
  const start = trigger.kind === 'alarm' ? trigger.at : openedAt;
  const days = new Set(marks.map((m) => date(m.at)));
  const show = days.size > 1 ? dateTime : clock;
  return html`<table class="timeline"><caption>${[...days].join(' to ')}, UTC; minutes and seconds are counted from ${trigger.kind === 'alarm' ? 'the alarm' : 'open'}</caption>
<thead><tr><th scope="col">No.</th><th scope="col">Time</th><th scope="col">After</th><th scope="col">What</th></tr></thead>
<tbody>${marks.map((m) => row(m, timeTag(m.at, show), offset(m, start)))}</tbody></table>`;
}

const row = (mark: Numbered, time: Html, after: string): Html =>
  html`<tr><td>${mark.number !== undefined && html`<span class="badge ${toneOf(mark)}">${mark.number}</span>`}</td><td>${time}</td><td class="after">${after}</td><td>${mark.text}</td></tr>\n`;

function offset({ at }: Mark, start: number): string {
  const seconds = (at - start) / 1000;
  return seconds < 0 ? `−${duration(-seconds)}` : duration(seconds);
}
