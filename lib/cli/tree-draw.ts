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
    node.chart ? chartLines(node, node.chart, { ...canvas, bars }) : textLines(node, canvas, over),
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

const MARK_WIDTH = 2;
/** Fewer bars beside the words say nothing: then they stand below. */
const FEWEST_BARS = 8;

interface Fit {
  readonly count: number;
  readonly below: boolean;
}

/** As many bars for each signal, so that the same moment stands in the same column. */
function barsThatFit(nodes: readonly TreeNode[], { columns }: Canvas): Fit {
  const charts = nodes.flatMap(({ chart }) => (chart ? [chart] : []));
  const most = Math.max(0, ...charts.map((chart) => chart.values.length));
  const beside = Math.min(...charts.map((chart) => columns - takenBy(chart)));
  const below = columns < NARROW || beside < FEWEST_BARS;
  return { count: Math.max(0, Math.min(most, below ? columns - MARK_WIDTH : beside)), below };
}

const labelWidth = (chart: NodeChart): number => Math.max(chart.labelWidth, widthOf(clean(chart.label)));

const takenBy = (chart: NodeChart): number =>
  MARK_WIDTH + labelWidth(chart) + 1 + 1 + widthOf(clean(chart.words));

function chartLines(node: TreeNode, chart: NodeChart, canvas: Canvas & { readonly bars: Fit }): string[] {
  const { columns, color, bars } = canvas;
  const label = clean(chart.label);
  const inTone = (text: string) => toned(text, TONES[node.state], color);
  const mark = markOf(node, canvas);
  const why =
    chart.why === undefined ? [] : [inTone(`  - ${shown(cut(clean(chart.why), columns - 4), canvas)}`)];
  if (bars.below) {
    const words = clean(columns < NARROW ? chart.narrow : chart.words);
    const line = shown(cut(`${label} ${words}`, columns - MARK_WIDTH), canvas);
    const row = chart.values.length > 0 ? [`  ${barsOf(chart, canvas)}`] : [];
    return [inTone(`${mark}${line}`), ...row, ...why];
  }
  const padded = label + ' '.repeat(labelWidth(chart) - widthOf(label) + 1);
  const words = inTone(`${bars.count > 0 ? ' ' : ''}${shown(clean(chart.words), canvas)}`);
  return [`${inTone(`${mark}${shown(padded, canvas)}`)}${barsOf(chart, canvas)}${words}`, ...why];
}

function barsOf(chart: NodeChart, canvas: Canvas & { readonly bars: Fit }): string {
  const { color, unicode = true, bars } = canvas;
  if (bars.count === 0) return '';
  const good = chart.good.slice(-bars.count);
  const row = sparkline(chart.values.slice(-bars.count), chart.threshold, unicode).map((bar, n) =>
    toned(bar, good[n] === undefined ? 'plain' : good[n] ? 'good' : 'bad', color),
  );
  return `${' '.repeat(bars.count - row.length)}${row.join('')}`;
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
