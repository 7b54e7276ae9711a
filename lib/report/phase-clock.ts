import type { ClosingReport, Phase } from '../core/report.ts';
import { duration, timeTag } from './format.ts';
import { type Html, html } from './html.ts';

const MEANING: Record<Phase['name'], string> = {
  detect: 'first breach until the clock of the goal starts',
  decide: 'open, plan and hold, until the first lever',
  act: 'levers, settling, and the caches of readers',
  verify: 'fresh datapoints until the verdict',
  close: 'report, notes and pages',
};

/** Where the time went: a bar against the goal, and the same as a table. */
export function phaseClock(report: ClosingReport): Html | undefined {
  const { phases } = report;
  if (phases.length === 0) return undefined;
  return html`<section aria-labelledby="clock"><h2 id="clock">Where the time went</h2>
${bar(report)}
<table class="phases"><caption>Phases in order; detection is measured beside the goal, not within it</caption>
<thead><tr><th scope="col">Phase</th><th scope="col">From</th><th scope="col" class="until">Until</th><th scope="col" class="n">Seconds</th></tr></thead>
<tbody>${phases.map(row)}</tbody></table></section>`;
}

/** The bar starts at the first phase and is long enough for the goal, whose clock starts after detection. */
function bar({ phases, goalSeconds }: ClosingReport): Html {
  const from = phases[0]?.from ?? 0;
  const clockStart = phases.find((p) => p.name !== 'detect')?.from ?? from;
  const goalAt = clockStart + goalSeconds * 1000;
  const span = Math.max(phases.at(-1)?.to ?? from, goalAt) - from || 1;
  const percent = (ms: number) => Math.round((ms / span) * 10_000) / 100;
  const parts = phases.map(
    (p) => html`<span class="${p.name}" style="width:${percent(p.to - p.from)}%"></span>`,
  );
  return html`<div class="bar" aria-hidden="true"><div class="track">${parts}</div><i style="left:${percent(goalAt - from)}%"></i></div>
<p class="goal" aria-hidden="true"><span style="width:${percent(goalAt - from)}%">goal ${duration(goalSeconds)} ▴</span></p>`;
}

const row = ({ name, from, to }: Phase): Html =>
  html`<tr><th scope="row"><span class="swatch ${name}" aria-hidden="true"></span>${name}<small>${MEANING[name]}</small></th><td>${timeTag(from)}</td><td class="until">${timeTag(to)}</td><td class="n">${((to - from) / 1000).toFixed(1)}</td></tr>`;
