import type { Mark, Series } from '../core/report.ts';

/** Maps values to places; `ticks` are round values inside. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
  readonly step: number;
}

/** From and to, of times or of values. */
export type Range = readonly [from: number, to: number];

/** Share of the marked time that is shown before its first and after its last mark. */
const BEFORE = 0.35;
const AFTER = 0.15;
const TIME_STEPS_SECONDS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400,
];

/** The time all charts of a report share, so that their marks stand above each other; nothing without a time. */
export function timeRange(series: readonly Series[], marks: readonly Mark[]): Range | undefined {
  const read = extent(series.flatMap((s) => s.datapoints.map((d) => d.at)));
  const marked = extent(marks.map((m) => m.at));
  if (!read || !marked) return widened(read ?? marked);
  const [first, last] = marked;
  const span = last - first;
  if (span === 0) return widened([Math.min(read[0], first), Math.max(read[1], last)]);
  const from = Math.max(first - span * BEFORE, Math.min(read[0], first));
  return widened([from, Math.min(last + span * AFTER, Math.max(read[1], last))]);
}

const widened = (range: Range | undefined): Range | undefined =>
  range && range[0] === range[1] ? [range[0] - 30_000, range[1] + 30_000] : range;

/** Smallest and greatest of finite numbers. */
export function extent(numbers: readonly number[]): Range | undefined {
  const finite = numbers.filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  return finite.reduce<Range>(
    ([low, high], n) => [Math.min(low, n), Math.max(high, n)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}

/** The values of a chart: all datapoints and what they are held against, with some air; from zero where zero is near. */
export function valueRange(values: readonly number[], levels: readonly number[]): Range {
  const [low, high] = extent([...values, ...levels]) ?? [0, 1];
  const air = (high - low || Math.abs(high) || 1) * 0.12;
  const bottom = low >= 0 && low < high * 0.6 ? 0 : low - air;
  return [bottom, high + air];
}

export function timeScale(range: Range, pixels: Range, most: number): Scale {
  const seconds = (range[1] - range[0]) / 1000;
  // Labels with seconds are wider.
  const fits = (s: number) => seconds / s <= (s < 60 ? most * 0.6 : most);
  const step = TIME_STEPS_SECONDS.find(fits) ?? Math.ceil(seconds / most);
  return scaleOf(range, pixels, step * 1000);
}

export function valueScale(range: Range, pixels: Range, most: number): Scale {
  const rough = (range[1] - range[0]) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((f) => f * power >= rough) ?? 10;
  return scaleOf(range, pixels, factor * power);
}

function scaleOf([from, to]: Range, [start, end]: Range, step: number): Scale {
  const first = Math.ceil(from / step);
  const length = Math.max(0, Math.min(50, Math.floor(to / step) - first + 1));
  const ticks = Array.from({ length }, (_, i) => (first + i) * step);
  const place = (value: number) => start + ((value - from) / (to - from)) * (end - start);
  return { place, ticks, step };
}

/**
 * Places for labels of one width, in order and none upon another, as near as can be to where they belong:
 * labels that would touch form a block around the middle of what they want.
 */
export function spread(wanted: readonly number[], width: number, [from, to]: Range): number[] {
  const gap = Math.min(width, (to - from) / Math.max(1, wanted.length - 1));
  const blocks: Block[] = [];
  wanted.forEach((x, i) => {
    let block: Block = { sum: x - i * gap, size: 1 };
    for (let last = blocks.at(-1); last && middle(last) > middle(block); last = blocks.at(-1)) {
      block = { sum: last.sum + block.sum, size: last.size + block.size };
      blocks.pop();
    }
    blocks.push(block);
  });
  const most = to - (wanted.length - 1) * gap;
  const starts = blocks.flatMap((b) => Array<number>(b.size).fill(Math.max(from, Math.min(most, middle(b)))));
  return starts.map((start, i) => start + i * gap);
}

interface Block {
  readonly sum: number;
  readonly size: number;
}

const middle = ({ sum, size }: Block): number => sum / size;
