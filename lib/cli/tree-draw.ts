/** The tree as lines for a window: none is wider than it, whatever comes from outside. */
import { clockText, type IncidentView, isOver } from './incident-view.ts';
import { sparkline } from './sparkline.ts';
import { asciiOnly, clean, type Tone, toned } from './text.ts';
import { headline, treeOf } from './tree.ts';
import { ASCII_MARKS, MARKS, NARROW, type NodeChart, type NodeState, type TreeNode } from './tree-node.ts';
import { cut, isolated, widthOf, wrapped } from './width.ts';

export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly color: boolean;
  /** @default true */
  readonly unicode?: boolean;
}

const TONES: Record<NodeState, Tone> = {
  waiting: 'faint',
  doing: 'busy',
  done: 'good',
  bad: 'bad',
  note: 'plain',
};

/** The whole tree; in a window that is too low the last lines. The last picture is whole: nothing is drawn over it. */
export function draw(view: IncidentView, now: number, canvas: Canvas): string[] {
  const { rows, color } = canvas;
  const over = isOver(view.incident);
  const nodes = treeOf(view, now);
  const bars = barsThatFit(nodes, canvas);
  const lines = nodes.flatMap((node) =>
    node.chart ? [chartLine(node, node.chart, { ...canvas, bars })] : textLines(node, canvas, over),
  );
  const head = headLines(view, now, canvas).map((line) => toned(line, 'strong', color));
  // The last row stays free, or the terminal scrolls and the next picture is drawn a line too low.
  const room = over ? lines.length : Math.max(1, rows - 1 - head.length);
  return [...head, ...(room > 0 ? lines.slice(-room) : [])];
}

const shown = (text: string, { unicode = true }: Canvas): string =>
  unicode ? isolated(text) : asciiOnly(text);

const markOf = ({ depth, state }: TreeNode, { unicode = true }: Canvas): string =>
  `${'  '.repeat(depth)}${(unicode ? MARKS : ASCII_MARKS)[state]} `;

/** In the last picture a line goes on below, as far as anybody reads; what is there to be copied is never broken. */
const MOST_LINES = 4;

function textLines(node: TreeNode, canvas: Canvas, over: boolean): string[] {
  const { text, narrow = text, state, whole } = node;
  const { columns, color } = canvas;
  const words = clean(columns < NARROW && !over ? narrow : text);
  const mark = markOf(node, canvas);
  const room = columns - mark.length;
  const lines = whole ? [words] : over ? wrapped(words, room, MOST_LINES) : [cut(words, room)];
  return lines.map((line, n) =>
    toned(`${n === 0 ? mark : ' '.repeat(mark.length)}${shown(line, canvas)}`, TONES[state], color),
  );
}

const LABEL_GAP = 1;
/** Fewer bars say nothing. */
const FEWEST_BARS = 4;

interface Fit {
  readonly count: number;
  readonly narrow: boolean;
}

/** As many bars for each signal, so that the same moment stands in the same column; words are shortened for them. */
function barsThatFit(nodes: readonly TreeNode[], canvas: Canvas): Fit {
  const charts = nodes.flatMap(({ chart }) => (chart ? [chart] : []));
  const roomFor = (narrow: boolean) =>
    Math.min(
      Math.max(0, ...charts.map((chart) => chart.values.length)),
      ...charts.map((chart) => canvas.columns - takenBy(chart, narrow)),
    );
  const wide = canvas.columns >= NARROW && roomFor(false) >= FEWEST_BARS;
  const count = roomFor(!wide);
  return { count: count >= FEWEST_BARS ? count : 0, narrow: !wide };
}

const MARK_WIDTH = 2;
const labelWidth = (chart: NodeChart): number => Math.max(chart.labelWidth, widthOf(clean(chart.label)));

const takenBy = (chart: NodeChart, narrow: boolean): number =>
  MARK_WIDTH + labelWidth(chart) + LABEL_GAP + 1 + widthOf(clean(narrow ? chart.narrow : chart.words));

function chartLine(node: TreeNode, chart: NodeChart, canvas: Canvas & { readonly bars: Fit }): string {
  const { columns, color, unicode = true } = canvas;
  const { count, narrow } = canvas.bars;
  const tone = TONES[node.state];
  const label = clean(chart.label);
  const words = clean(narrow ? chart.narrow : chart.words);
  if (count === 0) {
    const line = cut(`${label} ${words}`, columns - MARK_WIDTH);
    return toned(`${markOf(node, canvas)}${shown(line, canvas)}`, tone, color);
  }
  const padded = label + ' '.repeat(labelWidth(chart) - widthOf(label) + LABEL_GAP);
  const good = chart.good.slice(-count);
  const bars = sparkline(chart.values.slice(-count), chart.threshold, unicode).map((bar, n) =>
    toned(bar, good[n] === undefined ? 'plain' : good[n] ? 'good' : 'bad', color),
  );
  const before = ' '.repeat(count - bars.length);
  const head = toned(`${markOf(node, canvas)}${shown(padded, canvas)}`, tone, color);
  return `${head}${before}${bars.join('')} ${toned(shown(words, canvas), tone, color)}`;
}

/** On one line where it fits; the clock is never what is cut. */
function headLines(view: IncidentView, now: number, canvas: Canvas): string[] {
  const { columns } = canvas;
  const whole = clean(headline(view, now));
  if (widthOf(whole) <= columns) return [shown(whole, canvas)];
  const clock = clockText(view, now);
  const state = isOver(view.incident) ? (view.incident.ending ?? '') : view.incident.state;
  return [cut(view.incident.id, columns), cut(`${state} ${clock}`, columns)].map((line) =>
    shown(line, canvas),
  );
}
