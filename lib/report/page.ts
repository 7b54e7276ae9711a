import type { ClosingReport } from '../core/report.ts';
import { checklist } from './checklist.ts';
import { endingSentence, TONE } from './ending.ts';
import { facts } from './facts.ts';
import { header } from './header.ts';
import { html } from './html.ts';
import { ladder } from './ladder.ts';
import { doors, leftOut, nextSteps, people } from './people.ts';
import { phaseClock } from './phase-clock.ts';
import { shell } from './shell.ts';
import { timeline } from './timeline.ts';

/** A closing report as one page that needs nothing else: no network, no script. The same report gives the same bytes. */
export const renderPage = (report: ClosingReport): string =>
  shell({
    title: endingSentence(report),
    tone: TONE[report.ending],
    body: html`${header(report)}
<main>
${[timeline(report), phaseClock(report), ladder(report), leftOut(report)]}
${[checklist(report), people(report), doors(report), nextSteps(report), facts(report)]}
</main>
<footer>Reinstate · closing report of ${report.incident.id}. All times are UTC.</footer>`,
  });
