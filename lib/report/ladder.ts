import type { ClosingReport } from '../core/report.ts';
import { say } from '../core/step.ts';
import { type Html, html } from './html.ts';
import { stepItem, type Told } from './step-item.ts';
import { verdictBlock } from './verdict-block.ts';

/** Rung by rung: what was pulled, before and after, what makes it stick, and what that was judged to have done. */
export function ladder(report: ClosingReport): Html | undefined {
  const rungs = Math.max(
    report.plan?.rungs.length ?? 0,
    ...[...report.receipts, ...report.verdicts].map((r) => r.rung),
  );
  if (rungs === 0) return undefined;
  const blocks = Array.from({ length: rungs }, (_, i) => rungBlock(report, i + 1));
  const baseline =
    report.plan &&
    html`<p class="note">To baseline <b>${report.plan.baseline}</b>. Each rung is pulled only if the one before it did not bring recovery.</p>`;
  return html`<section aria-labelledby="ladder"><h2 id="ladder">${report.receipts.length > 0 ? 'What was done' : 'What was planned'}</h2>${baseline}${differing(report)}${blocks}</section>`;
}

function differing({ plan }: ClosingReport): Html | undefined {
  if (!plan || plan.differences.length === 0) return undefined;
  return html`<table class="stack"><caption>What differed from the baseline</caption>
<thead><tr><th scope="col">Target</th><th scope="col">At open</th><th scope="col">Baseline</th></tr></thead>
<tbody>${plan.differences.map((d) => html`<tr><th scope="row">${d.target}</th><td data-label="At open">${say(d.now.value)}</td><td data-label="Baseline">${say(d.baseline.value)}</td></tr>`)}</tbody></table>`;
}

function rungBlock(report: ClosingReport, rung: number): Html {
  const told = toldOf(report, rung);
  const verdicts = report.verdicts.filter((v) => v.rung === rung);
  return html`<div class="rung"><h3>Rung ${rung}</h3>
<ul class="steps">${told.map(stepItem)}</ul>
${verdicts.map((verdict) => verdictBlock(report, verdict))}
${verdicts.length === 0 && html`<p class="empty">No verdict: ${told.some((t) => t.receipt) ? 'the incident ended before one' : 'this rung was not begun'}.</p>`}</div>`;
}

function toldOf({ plan, receipts, verdicts }: ClosingReport, rung: number): Told[] {
  const readings = verdicts.findLast((verdict) => verdict.rung === rung)?.served ?? [];
  const { steps = [], settle = [] } = plan?.rungs[rung - 1] ?? {};
  const planned = new Map([...steps, ...settle].map((step) => [step.id, step]));
  const begun = new Map(receipts.filter((r) => r.rung === rung).map((r) => [r.step, r]));
  return [...new Set([...planned.keys(), ...begun.keys()])].map((id) => {
    const [step, receipt] = [planned.get(id), begun.get(id)];
    const target = receipt?.target ?? step?.target;
    const reading = readings.findLast((one) => one.target === target);
    return {
      id,
      ...(step && { planned: step }),
      ...(receipt && { receipt }),
      ...(reading && { reading }),
    };
  });
}
