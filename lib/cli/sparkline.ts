/** A row of values as a line of small bars. */

const BARS = { unicode: '▁▂▃▄▅▆▇█', ascii: '_.-~=+*#' } as const;
/** Nothing was measured: nothing is drawn. */
const GAP = ' ';

/**
 * One character a value, a gap where it is missing. The scale reaches from the least to the most of the values and the
 * threshold; where all are equal each bar is of middle height.
 */
export function sparkline(
  values: readonly (number | null)[],
  threshold: number | undefined,
  unicode: boolean,
): string[] {
  const bars = [...(unicode ? BARS.unicode : BARS.ascii)];
  const known = [...values, threshold ?? null].filter((v) => v !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const level = (value: number): number => {
    if (high === low) return bars.length / 2 - 1;
    return Math.min(bars.length - 1, Math.floor(((value - low) / (high - low)) * bars.length));
  };
  return values.map((value) => (value === null ? GAP : (bars[level(value)] ?? GAP)));
}
