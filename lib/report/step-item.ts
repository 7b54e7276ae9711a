import { type PlannedStep, type Receipt, type StepOutcome, say, tookEffect } from '../core/step.ts';
import type { ServedReading } from '../core/traffic.ts';
import { clock, duration } from './format.ts';
import { commandBlock, type Html, html } from './html.ts';
import { workloadTable } from './workload-table.ts';

/** A step as it was planned, as it went, or both. */
export interface Told {
  readonly id: string;
  readonly planned?: PlannedStep;
  readonly receipt?: Receipt;
  /** What its rung was last judged by. @default - it was not judged, or its target is read otherwise */
  readonly reading?: ServedReading;
}

const OUTCOME: Record<StepOutcome, string> = {
  applied: 'applied',
  already: 'already so: nothing was done',
  failed: 'failed',
  conflict: 'left alone: somebody else moved it',
  withheld: 'withheld: nothing more may be written',
  'not-begun': 'not begun',
};

/** One step: what it is, how it ended, what stood there before and after, and how to do it by hand. */
export function stepItem(told: Told): Html {
  const { planned, receipt } = told;
  const settles = (receipt?.phase ?? planned?.phase) === 'settle';
  return html`<li${settles && html` class="settle"`}>${title(told, settles)}
${receipt ? change(receipt) : planned && intent(planned)}
${receipt && html`<p class="meta">${receiptLine(receipt)}</p>`}
${planned?.because && html`<p class="meta">Why it sticks: ${planned.because}</p>`}
${workloadTable(told)}
${receipt?.note && html`<p class="meta">Note: ${receipt.note}</p>`}
${planned && byHand(planned.manual, receipt !== undefined && tookEffect(receipt))}</li>`;
}

function title({ id, planned, receipt }: Told, settles: boolean): Html {
  const kind = settles ? 'settle' : (receipt?.lever ?? planned?.lever.kind);
  return html`<p class="step"><b>${receipt?.name ?? planned?.lever.name}</b> <span class="lever">${kind}, step ${id}</span> ${chip(receipt)}</p>`;
}

function chip(receipt?: Receipt): Html {
  if (!receipt) return html`<span class="chip slate">not begun</span>`;
  return html`<span class="chip ${tookEffect(receipt) ? 'green' : 'red'}">${OUTCOME[receipt.outcome]}</span>`;
}

function change({ target, before, after }: Receipt): Html {
  const seen = (held: Receipt['before']) => (held ? say(held.value) : 'not observed');
  const revisions =
    before?.revision && after?.revision ? ` revision ${before.revision} to ${after.revision}` : '';
  const digest = after?.digest !== undefined && html` <span class="digest">digest ${after.digest}</span>`;
  return html`<p class="change"><span>${target}</span> <b>${seen(before)}</b> ${ARROW} <b>${seen(after)}</b><span>${revisions}</span>${digest}</p>`;
}

/** What the plan saw and wanted, where nothing was done. */
const intent = ({ target, from, to, phase }: PlannedStep): Html =>
  html`<p class="change"><span>${target}</span> ${phase === 'apply' && html`<b>${say(from.value)}</b> ${ARROW} `}<b>${say(to.value)}</b> <span>planned</span></p>`;

const ARROW = html`<span aria-hidden="true">→</span><span class="sr">to</span>`;

function receiptLine({ startedAt, endedAt, cacheSeconds, fence, phase, to }: Receipt): string {
  const took = duration(Math.max(0, endedAt - startedAt) / 1000);
  const readers = phase === 'apply' ? `, readers follow within ${duration(cacheSeconds)}` : '';
  return `Wanted ${say(to)}; ${clock(startedAt)} to ${clock(endedAt)} UTC, ${took}${readers}, fence ${fence}`;
}

const byHand = (manual: string, effective: boolean): Html =>
  html`<details${!effective && html` open`}><summary>By hand</summary>${commandBlock(manual)}</details>`;
