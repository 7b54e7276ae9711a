/** An incident as a tree: records in, nodes out. Pure. */
import { clockText, type IncidentView, isOver } from './incident-view.ts';
import { asciiOnly, clean, stopwatch } from './text.ts';
import { endNodes } from './tree-end.ts';
import { ladderNodes } from './tree-ladder.ts';
import { ASCII_MARKS, MARKS, type TreeNode } from './tree-node.ts';
import { openingNodes } from './tree-opening.ts';
import { pageNodes } from './tree-pages.ts';
import { signalNodes, troubleNodes } from './tree-signals.ts';

/** All that has happened and is still planned, in order; then how its signals are, and who was not told. */
export const treeOf = (view: IncidentView, now: number): TreeNode[] => [
  ...dated([...openingNodes(view, now), ...ladderNodes(view, now)]),
  ...signalNodes(view),
  ...pageNodes(view),
  ...dated(endNodes(view, now)),
  ...troubleNodes(view),
];

/** What has no time of its own happened when the line above did. */
function dated(nodes: readonly TreeNode[]): TreeNode[] {
  let at: number | undefined;
  return nodes.map((node) => {
    at = node.at ?? at;
    return at === undefined || node.state === 'doing' ? node : { ...node, at };
  });
}

/** `recommender-… (local) running 1:05 of 5:00`. */
export function headline(view: IncidentView, now: number): string {
  const { id, environment, state, ending, dryRun } = view.incident;
  const how = isOver(view.incident) ? `${ending ?? ''}, ${state}` : state;
  return `${id} (${environment}${dryRun ? ', dry run' : ''}) ${how} ${clockText(view, now)}`;
}

/** What is news of a node: for people not each value of a signal. */
type News = (node: TreeNode) => string;
const forPeople: News = ({ state, text, gist = text }) => `${state} ${gist}`;
export const forPrograms: News = ({ state, text }) => `${state} ${text}`;

/** What is new since the tree that was told last: lines that stand alone. What only waits is not told. */
export function changes(
  before: readonly TreeNode[],
  after: readonly TreeNode[],
  newsOf: News = forPeople,
): TreeNode[] {
  const told = new Map(before.map((node) => [node.key, newsOf(node)]));
  return after.filter((node) => node.state !== 'waiting' && told.get(node.key) !== newsOf(node));
}

/** `[1:05] ✓ rung 1: new-features …`. */
export function plainLine(node: TreeNode, seconds: number, unicode = true): string {
  const within = node.within === undefined ? '' : `${node.within}: `;
  const mark = (unicode ? MARKS : ASCII_MARKS)[node.state];
  const line = clean(`[${stopwatch(seconds)}] ${mark} ${within}${node.text}`);
  return unicode ? line : asciiOnly(line);
}
