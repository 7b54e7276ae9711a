import type { Series } from '../core/report.ts';
import { type Datapoint, meets } from '../core/verdict.ts';
import type { Range, Scale } from './chart-scale.ts';
import { type Html, html } from './html.ts';

/** Pixels to a datapoint; where there are more, lowest and highest of each stretch are drawn. */
const CLOSEST = 2;
/** Above this many, single datapoints are not dotted. */
const MOST_DOTS = 120;
/** Periods without a datapoint from which on the line is broken. */
const GAP_PERIODS = 1.5;
/** The same at the end, where the newest periods are not complete yet. */
const LATE_PERIODS = 3;

interface Drawing {
  readonly series: Series;
  readonly points: readonly Datapoint[];
  readonly x: Scale;
  readonly y: Scale;
  readonly width: Range;
  readonly height: Range;
  /** The time that is shown. */
  readonly range: Range;
}

/** The datapoints: a line that is broken where data is missing, dots on single datapoints, unhealthy ones larger. */
export function seriesLine(drawing: Drawing): Html {
  const { series, points } = drawing;
  const { periodSeconds } = series.signal;
  const runs = runsOf(points, periodSeconds * 1000 * GAP_PERIODS);
  const bad = points.filter((d) => !meets(d.value, series.well));
  return html`${gapsIn(points, periodSeconds, drawing.range).map((gap) => gapBox(gap, drawing))}${runs.map((run) => polyline(thinned(run, drawing), drawing))}
<path class="dot" d="${points.length <= MOST_DOTS && dots(points, drawing)}"/>
<path class="dot bad" d="${dots(thinned(bad, drawing), drawing)}"/>`;
}

function runsOf(points: readonly Datapoint[], gapMs: number): Datapoint[][] {
  const runs: Datapoint[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before && point.at - before.at <= gapMs) run.push(point);
    else runs.push([point]);
  }
  return runs;
}

function thinned(run: readonly Datapoint[], { width: [from, to] }: Drawing): readonly Datapoint[] {
  const most = (to - from) / CLOSEST;
  if (run.length <= most) return run;
  const stretch = Math.ceil((run.length * 2) / most);
  const starts = Array.from({ length: Math.ceil(run.length / stretch) }, (_, i) => i * stretch);
  return starts.flatMap((start) => {
    const byValue = run.slice(start, start + stretch).sort((a, b) => a.value - b.value);
    return [...new Set([byValue.at(0), byValue.at(-1)])]
      .filter((d) => d !== undefined)
      .sort((a, b) => a.at - b.at);
  });
}

const polyline = (run: readonly Datapoint[], { x, y }: Drawing): Html =>
  html`<polyline class="line" points="${run.map((d) => `${px(x.place(d.at))},${px(y.place(d.value))}`).join(' ')}"/>\n`;

/** Zero-length strokes with round caps: one element for all dots. */
const dots = (points: readonly Datapoint[], { x, y }: Drawing): string =>
  points.map((d) => `M${px(x.place(d.at))} ${px(y.place(d.value))}h0`).join('');

/**
 * The times without datapoints, epoch ms: between two of them, before the first, and after the last. The newest periods
 * come late, so the end has some patience.
 */
export function gapsIn(points: readonly Datapoint[], periodSeconds: number, [start, end]: Range): Range[] {
  const period = periodSeconds * 1000;
  const times = points.map(({ at }) => at);
  const [first = end, last = end] = [times.at(0), times.at(-1)];
  const inner = times.slice(1).flatMap((to, i): Range[] => {
    const from = times[i] ?? to;
    return to - from > period * GAP_PERIODS ? [[from, to]] : [];
  });
  const before: Range[] = first - start > period * GAP_PERIODS ? [[start, first]] : [];
  const after: Range[] = end - last > period * LATE_PERIODS ? [[last, end]] : [];
  return [...before, ...inner, ...after];
}

function gapBox([start, end]: Range, { x, height: [top, bottom] }: Drawing): Html {
  const [from, to] = [px(x.place(start)), px(x.place(end))];
  const label =
    to - from > 54 &&
    html`<text class="gap-label" x="${px((from + to) / 2)}" y="${bottom - 8}">no data</text>`;
  return html`<rect class="gap" x="${from}" y="${top}" width="${px(to - from)}" height="${px(bottom - top)}"/>${label}`;
}

/** A tenth of a pixel is enough. */
export const px = (n: number): number => Math.round(n * 10) / 10;
