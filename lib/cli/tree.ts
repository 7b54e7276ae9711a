/** An incident as a tree: records in, nodes and lines out. Pure. */
import { clockText, type IncidentView, isOver } from './incident-view.ts';
import { clean, cut, stopwatch, type Tone, toned } from './text.ts';
import { endNodes } from './tree-end.ts';
import { ladderNodes } from './tree-ladder.ts';
import { NARROW, type NodeState, type TreeNode } from './tree-node.ts';
import { openingNodes } from './tree-opening.ts';

/** All that has happened and is still planned, in order. */
export const treeOf = (view: IncidentView, now: number): TreeNode[] =>
  dated([...openingNodes(view, now), ...ladderNodes(view, now), ...endNodes(view, now)]);

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

export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
}

/** Nothing is drawn over the last picture: commands in it are there to be copied. */
const WHOLE = { columns: Number.POSITIVE_INFINITY, rows: Number.POSITIVE_INFINITY };

const MARKS: Record<NodeState, string> = { waiting: '·', doing: '●', done: '✓', bad: '✗', note: '-' };
const TONES: Record<NodeState, Tone> = {
  waiting: 'faint',
  doing: 'busy',
  done: 'good',
  bad: 'bad',
  note: 'plain',
};

/** The whole tree for a window: no line is wider, and the last ones stay where it is too low. The last picture is whole. */
export function draw(view: IncidentView, now: number, canvas: Canvas): string[] {
  const { color } = canvas;
  const { columns, rows } = isOver(view.incident) ? WHOLE : canvas;
  const lines = treeOf(view, now).map((node) => {
    return toned(lineOf(node, columns), TONES[node.state], color);
  });
  const head = headLines(view, now, columns).map((line) => toned(line, 'strong', color));
  // The last row stays free, or the terminal scrolls and the next picture is drawn a line too low.
  const room = Math.max(1, rows - 1 - head.length);
  return [...head, ...lines.slice(-room)];
}

function lineOf({ depth, state, text, narrow = text }: TreeNode, columns: number): string {
  const words = clean(columns < NARROW ? narrow : text);
  return cut(`${'  '.repeat(depth)}${MARKS[state]} ${words}`, columns);
}

/** On one line where it fits; the clock is never what is cut. */
function headLines(view: IncidentView, now: number, columns: number): string[] {
  const whole = clean(headline(view, now));
  if (whole.length <= columns) return [whole];
  const clock = clockText(view, now);
  return [cut(view.incident.id, columns), cut(`${view.incident.state} ${clock}`, columns)];
}

/** What is new since the tree that was told last: lines that stand alone. What only waits is not told. */
export function changes(before: readonly TreeNode[], after: readonly TreeNode[]): TreeNode[] {
  const told = new Map(before.map((node) => [node.key, `${node.state} ${node.text}`]));
  return after.filter(
    (node) => node.state !== 'waiting' && told.get(node.key) !== `${node.state} ${node.text}`,
  );
}

/** `[1:05] rung 1: ✓ new-features …`. */
export function plainLine(node: TreeNode, seconds: number): string {
  const within = node.within === undefined ? '' : `${node.within}: `;
  return clean(`[${stopwatch(seconds)}] ${MARKS[node.state]} ${within}${node.text}`);
}
