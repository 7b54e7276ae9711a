import { shareText } from '../core/traffic.ts';
import { type PodSet, percentText, type Workload } from '../core/workload.ts';
import { type Html, html } from './html.ts';
import type { Told } from './step-item.ts';

/** One column: its name, and what it says of a ReplicaSet. */
type Column = readonly [name: string, of: (set: PodSet) => string];

/** The ReplicaSets behind a step: what its controller says beside what was measured, and what stood there before. */
export function workloadTable(told: Told): Html | undefined {
  const { receipt, reading } = told;
  const workload = reading?.workload ?? receipt?.after?.workload ?? receipt?.before?.workload;
  if (!workload) return undefined;
  const columns = columnsOf(workload, told);
  const cells = (set: PodSet) => columns.map(([name, of]) => html`<td data-label="${name}">${of(set)}</td>`);
  const rows = workload.sets.map(
    (set) =>
      html`<tr><th scope="row">${set.hash}<small>${set.role ?? 'old'}, revision ${set.revision}, image ${set.image}</small></th>${cells(set)}</tr>`,
  );
  return html`<table class="stack sets"><caption>${captionOf(workload, reading !== undefined)}</caption>
<thead><tr><th scope="col">ReplicaSet</th>${columns.map(([name]) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>`;
}

function captionOf({ more = 0, unconfirmed }: Workload, isJudged: boolean): string {
  const when = isJudged ? 'when it was judged' : 'right after this step';
  const rest = more > 0 ? `; ${more} more not shown` : '';
  return `ReplicaSets ${when}${rest}${unconfirmed ? '; the router has not confirmed the weights' : ''}`;
}

function columnsOf({ weights }: Workload, { receipt, reading }: Told): Column[] {
  const before = receipt?.after && receipt.before?.workload?.weights;
  const shares = reading?.shares;
  return [
    ...(before ? [['Weight before', ({ hash }) => percentText(before[hash] ?? 0)] satisfies Column] : []),
    ...(weights
      ? [['Weight configured', ({ hash }) => percentText(weights[hash] ?? 0)] satisfies Column]
      : []),
    ...(shares
      ? [['Share measured', ({ hash }) => shareText(shares, hash) ?? 'no requests'] satisfies Column]
      : []),
    ['Pods ready', ({ ready, pods }) => `${ready} of ${pods}`],
  ];
}
