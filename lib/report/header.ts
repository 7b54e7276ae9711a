import type { ClosingReport } from '../core/report.ts';
import { tookEffect } from '../core/step.ts';
import { endingSentence, SYMBOL, whyItStarted } from './ending.ts';
import { count, dateTime, duration, timeTag } from './format.ts';
import { type Html, html } from './html.ts';
import { story } from './story.ts';

/** What a reader has to know if this is all they read: how it ended, why it began, what was done, how long it took. */
export function header(report: ClosingReport): Html {
  const { incident, ending, reasons } = report;
  return html`<header>
<p class="kind"><span class="chip solid"><span aria-hidden="true">${SYMBOL[ending]}</span> ${ending}</span> Closing report · ${incident.environment} · ${timeTag(incident.openedAt, dateTime)}</p>
<h1>${endingSentence(report)}</h1>
<p class="why">${whyItStarted(report)}.</p>
${story(report).map((sentence) => html`<p class="why">${sentence}.</p>`)}
${reasons.length > 0 && html`<ul class="reasons">${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}
<dl class="figures">${figures(report).map(figure)}</dl>
<p class="jump"><a href="#next">${count(report.nextSteps.length, 'next step')} for a person ↓</a></p>
</header>`;
}

type Figure = readonly [name: string, value: string, beside: string];

const figure = ([name, value, beside]: Figure): Html =>
  html`<div><dt>${name}</dt><dd><b>${value}</b> <span>${beside}</span></dd></div>`;

function figures(report: ClosingReport): Figure[] {
  const { timeToRecoverSeconds: took, detectionSeconds: detected, goalSeconds, alarms, receipts } = report;
  const pulled = receipts.filter((r) => r.phase === 'apply');
  const known = (seconds?: number) => (seconds === undefined ? '–' : duration(seconds));
  return [
    ['Time to recover', known(took), `goal ${duration(goalSeconds)}`],
    ['Detection', known(detected), detected === undefined ? 'not known' : 'first breach to alarm'],
    ['Steps with effect', `${pulled.filter(tookEffect).length}`, `of ${pulled.length} begun`],
    ['Alarms', `${alarms.length}`, alarms.length > 1 ? 'in one incident' : 'attached'],
  ];
}
