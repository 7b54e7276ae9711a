import type { Ending } from '../core/incident.ts';
import type { ClosingReport } from '../core/report.ts';
import { checklist } from './checklist.ts';
import { endingSentence } from './ending.ts';
import { facts } from './facts.ts';
import { header } from './header.ts';
import { type Html, html } from './html.ts';
import { ladder } from './ladder.ts';
import { doors, leftOut, nextSteps, people } from './people.ts';
import { phaseClock } from './phase-clock.ts';
import { STYLE } from './style.ts';
import { timeline } from './timeline.ts';

const TONE: Record<Ending, string> = {
  recovered: 'green',
  contained: 'amber',
  escalated: 'red',
  refused: 'slate',
  observed: 'slate',
  cancelled: 'violet',
};

/** A closing report as one page that needs nothing else: no network, no script. The same report gives the same bytes. */
export function renderPage(report: ClosingReport): string {
  return html`<!doctype html>
<html lang="en">
${head(report)}
<body class="${TONE[report.ending]}">
<div class="band"></div>
${header(report)}
<main>
${[timeline(report), phaseClock(report), ladder(report), leftOut(report)]}
${[checklist(report), people(report), doors(report), nextSteps(report), facts(report)]}
</main>
<footer>Reinstate · closing report of ${report.incident.id}. All times are UTC.</footer>
</body>
</html>
`.markup;
}

/** The policy lets a page with a mistake in it load nothing all the same. */
const head = (report: ClosingReport): Html => html`<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${endingSentence(report)}</title>
<style>${{ markup: STYLE }}</style>
</head>`;
