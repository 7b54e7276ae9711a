/** Messages that a channel did not take: the incident waits for none of them, and people have to know (F48). */
import type { PageRecord } from '../core/report.ts';
import type { IncidentView } from './incident-view.ts';
import type { TreeNode } from './tree-node.ts';

/** One line for each channel that failed last; one more where nobody has heard anything. */
export function pageNodes({ pages }: Pick<IncidentView, 'pages'>): TreeNode[] {
  const failed = [...lastOfEach(pages).values()].filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) return [];
  const isHeard = pages.some(({ outcome }) => outcome === 'sent');
  return [...failed.map(failedNode), ...(isHeard ? [] : [unheardNode(failed)])];
}

/** What goes out later makes an earlier failure an old story. */
function lastOfEach(pages: readonly PageRecord[]): Map<string, PageRecord> {
  const inOrder = pages.toSorted((a, b) => a.at - b.at);
  return new Map(inOrder.map((page) => [`${page.channel}:${page.to}`, page]));
}

const failedNode = ({ urgency, channel, to, at, subject, problem = 'it failed' }: PageRecord): TreeNode => ({
  key: `told:${channel}:${to}`,
  depth: 0,
  state: 'bad',
  text: `${urgency} not taken by ${channel} "${to}": ${problem}`,
  narrow: `${channel} took no ${urgency}: ${problem}`,
  gist: subject,
  at,
});

const unheardNode = (failed: readonly PageRecord[]): TreeNode => ({
  key: 'told',
  depth: 0,
  state: 'bad',
  text: 'nobody has been told yet: no channel took anything; the sweeper tries again each minute',
  narrow: 'nobody has been told yet',
  at: Math.max(...failed.map(({ at }) => at)),
});
