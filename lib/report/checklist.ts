import { checklistOf } from '../core/checklist.ts';
import type { CheckItem, ClosingReport } from '../core/report.ts';
import { type Html, html } from './html.ts';

const STATE: Record<CheckItem['state'], readonly [symbol: string, words: string, tone: string]> = {
  proven: ['✓', 'proven', 'green'],
  'not-proven': ['✗', 'not proven', 'amber'],
  'not-applicable': ['–', 'not applicable', 'slate'],
};

/** The post-rollback list. Reports from before it was kept in them are answered from the same facts. */
export function checklist(report: ClosingReport): Html {
  const items = report.checklist ?? checklistOf(report);
  const [first] = items;
  const alike = items.every(({ evidence }) => evidence === first?.evidence);
  return html`<section aria-labelledby="checklist"><h2 id="checklist">Post-rollback checklist</h2>
${alike && first && html`<p class="note">${first.evidence}.</p>`}
<ul class="plain checks">${items.map((item) => row(item, !alike))}</ul></section>`;
}

/** What holds for all of them is said once. */
function row({ item, state, evidence }: CheckItem, told: boolean): Html {
  const [symbol, words, tone] = STATE[state];
  return html`<li><span class="chip ${tone}"><span aria-hidden="true">${symbol}</span> ${words}</span> <div><b>${item}</b>${told && html`<p class="meta">${evidence}.</p>`}</div></li>\n`;
}
