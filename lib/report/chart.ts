import type { Series } from '../core/report.ts';
import { meets } from '../core/verdict.ts';
import { type Level, levelLines, levelsOf } from './chart-levels.ts';
import { gapsIn, px, seriesLine } from './chart-line.ts';
import { type Range, type Scale, spread, timeScale, valueRange, valueScale } from './chart-scale.ts';
import { amount, clock, conditionText, count, dateTime, withUnit } from './format.ts';
import { type Html, html } from './html.ts';
import { type Numbered, toneOf } from './marks.ts';

/** One size of a chart; a page carries two and shows the one that fits, so that its text is never shrunk. */
interface Layout {
  readonly name: 'wide' | 'narrow';
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly timeTicks: number;
}

const LAYOUTS: readonly Layout[] = [
  { name: 'wide', width: 860, height: 292, left: 58, right: 92, timeTicks: 10 },
  { name: 'narrow', width: 330, height: 262, left: 40, right: 58, timeTicks: 5 },
];
const BADGE = 9;
/** From one row of numbers to the next. */
const ROW = 21;
const PLOT_TOP = 46;
const BELOW_PLOT = 26;

/** What a chart shows: a signal, the numbered marks, and the time it shares with the other charts. */
export interface ChartInput {
  readonly series: Series;
  readonly marks: readonly Numbered[];
  readonly range: Range;
  /** Makes its ids unique on the page. */
  readonly index: number;
}

/** A signal against its threshold, with its marks: our own SVG, in both sizes. */
export function chart(input: ChartInput): Html {
  const { series, range } = input;
  const points = series.datapoints
    .filter((d) => Number.isFinite(d.value) && d.at >= range[0] && d.at <= range[1])
    .toSorted((a, b) => a.at - b.at);
  const levels = levelsOf(series);
  const shown = { points, levels, description: describe(input, { points, levels }) };
  return html`${LAYOUTS.map((layout) => svg(input, shown, layout))}`;
}

/** What is the same in both sizes. */
interface Shown {
  readonly points: Series['datapoints'];
  readonly levels: readonly Level[];
  readonly description: string;
}

function svg(input: ChartInput, { points, levels, description }: Shown, layout: Layout): Html {
  const { series, range } = input;
  const more = (rowsOf(input.marks, layout) - 1) * ROW;
  const height: Range = [PLOT_TOP + more, layout.height + more - BELOW_PLOT];
  const width: Range = [layout.left, layout.width - layout.right];
  const x = timeScale(range, width, layout.timeTicks);
  const values = valueRange(
    points.map((d) => d.value),
    levels.map(({ value }) => value),
  );
  const y = valueScale(values, [height[1], height[0]], 4);
  const plot = { layout, width, height, x, y };
  const id = `chart-${input.index}-${layout.name}`;
  return html`<svg class="chart ${layout.name}" viewBox="0 0 ${layout.width} ${layout.height + more}" role="img" aria-labelledby="${id}-title ${id}-desc">
<title id="${id}-title">${series.signal.name} against its threshold</title>
<desc id="${id}-desc">${description}</desc>
${healthySide(series, plot)}${axes(plot)}${levelLines(levels, plot)}
${seriesLine({ series, points, x, y, width, height, range })}
${markers(input.marks, plot)}
</svg>`;
}

interface Plot {
  readonly layout: Layout;
  readonly width: Range;
  readonly height: Range;
  readonly x: Scale;
  readonly y: Scale;
}

/** What the picture says, for those who do not see it. */
function describe(
  { series, range, marks }: ChartInput,
  { points, levels }: Pick<Shown, 'points' | 'levels'>,
): string {
  const { signal, well } = series;
  const values = points.map((d) => d.value);
  const bad = points.filter((d) => !meets(d.value, well)).length;
  const seen =
    values.length === 0
      ? 'No datapoints were read'
      : `${count(points.length, 'datapoint')}, ${bad} unhealthy, from ${amount(Math.min(...values))} to ${withUnit(Math.max(...values), signal.unit)}, the last ${withUnit(values.at(-1) ?? 0, signal.unit)}`;
  const others = levels.filter(({ name }) => name !== 'threshold').map(levelText);
  const missing = gapsIn(points, signal.periodSeconds, range).map(
    ([from, to]) => `No data from ${clock(from)} to ${clock(to)}. `,
  );
  const shown = marks.map((m) => `${m.number}, ${clock(m.at)}: ${m.text}`).join('. ');
  return `${signal.statistic} over ${signal.periodSeconds} s, ${dateTime(range[0])} to ${dateTime(range[1])}. Healthy ${conditionText(well, signal.unit)}. ${others.join('')}${seen}. ${missing.join('')}Marks: ${shown}`;
}

const levelText = ({ name, label }: Level): string =>
  `The ${name === 'alarm' ? 'alarm compares with' : 'baseline had'} ${label[0]?.[0] ?? ''}. `;

const isBelow = ({ well }: Series): boolean => well.is === '<' || well.is === '<=';

function healthySide(series: Series, { width, height, y }: Plot): Html {
  const at = px(y.place(series.well.threshold));
  const [from, to] = isBelow(series) ? [at, height[1]] : [height[0], at];
  return html`<rect class="healthy" x="${width[0]}" y="${from}" width="${width[1] - width[0]}" height="${px(to - from)}"/>`;
}

function axes({ layout, width, height, x, y }: Plot): Html {
  const minutes = x.step >= 60_000;
  const values = y.ticks.map((value) => {
    const at = px(y.place(value));
    return html`<line class="grid" x1="${width[0]}" x2="${width[1]}" y1="${at}" y2="${at}"/><text class="tick end" x="${width[0] - 8}" y="${at + 4}">${amount(value)}</text>`;
  });
  const times = x.ticks.map((time) => {
    const at = px(x.place(time));
    return html`<line class="axis" x1="${at}" x2="${at}" y1="${height[1]}" y2="${height[1] + 5}"/><text class="tick middle" x="${at}" y="${height[1] + 19}">${clock(time).slice(0, minutes ? 5 : 8)}</text>`;
  });
  return html`${values}<line class="axis" x1="${width[0]}" x2="${width[1]}" y1="${height[1]}" y2="${height[1]}"/>${times}<text class="tick end" x="${layout.width}" y="${height[1] + 19}">UTC</text>`;
}

/** Numbers above the plot, spread so that none covers another, each tied to its moment. */
function markers(marks: readonly Numbered[], { layout, width, height, x }: Plot): Html {
  const rows = rowsOf(marks, layout);
  const wanted = marks.map((m) => x.place(m.at));
  const badges = spread(wanted, (BADGE * 2 + 3) / rows, [BADGE + 1, layout.width - BADGE - 1]);
  const placed = marks.map((mark, i) => ({
    mark,
    at: px(wanted[i] ?? width[0]),
    cx: px(badges[i] ?? width[0]),
    cy: BADGE + 1 + (i % rows) * ROW,
  }));
  return html`${placed.map(({ mark, at, cx, cy }) => html`<path class="tie ${toneOf(mark)}" d="M${cx} ${cy}L${at} ${height[0] - 6}V${height[1]}"/>`)}
${placed.map(({ mark, cx, cy }) => html`<g class="mark ${toneOf(mark)}"><title>${clock(mark.at)} ${mark.text}</title><circle cx="${cx}" cy="${cy}" r="${BADGE}"/><text x="${cx}" y="${cy + 4}">${mark.number}</text></g>`)}`;
}

/** As many rows of numbers as it takes for them to have room. */
const rowsOf = (marks: readonly Numbered[], { width }: Layout): number =>
  Math.max(1, Math.ceil((marks.length * (BADGE * 2 + 3)) / width));
