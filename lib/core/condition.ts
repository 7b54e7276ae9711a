import * as z from 'zod/mini';

/**
 * `3 % below baseline`: the threshold is a share of what the signal was when the baseline was recorded.
 * `percent` has a sign: -3 is 3 % below, 20 is 20 % above. `reference` (in the signal's unit) and `baseline` (its id)
 * are there once they are known; then the condition has its threshold too.
 */
export const relative = z.strictObject({
  percent: z.number(),
  reference: z.optional(z.number()),
  baseline: z.optional(z.string()),
});
export type Relative = z.infer<typeof relative>;

/** `3 % below`. */
export const shareText = ({ percent }: Pick<Relative, 'percent'>): string =>
  `${Math.abs(percent)} % ${percent < 0 ? 'below' : 'above'}`;

/** `3 % below baseline`. */
export const relativeText = (relative: Pick<Relative, 'percent'>): string =>
  `${shareText(relative)} baseline`;

/** Without the dust of binary fractions. */
export const thresholdFrom = (reference: number, percent: number): number =>
  Number((reference * (1 + percent / 100)).toPrecision(12));

/**
 * `latency > 250 ms for 3 of 5`: `threshold` is in the signal's own unit, `datapoints` of the last `of` periods.
 * `auc drops 3 % below baseline for 10 min` has no threshold until its reference is known.
 */
export const condition = z
  .strictObject({
    signal: z.string(),
    is: z.enum(['>', '>=', '<', '<=']),
    threshold: z.optional(z.number()),
    relative: z.optional(relative),
    datapoints: z.int(),
    of: z.int(),
  })
  .check(z.refine((c) => c.threshold !== undefined || c.relative !== undefined, 'no threshold'));
export type Condition = z.infer<typeof condition>;

/** `latency > 250`, or `auc < 3 % below baseline`. */
export const conditionWords = ({
  signal,
  is,
  threshold,
  relative,
}: Pick<Condition, 'signal' | 'is' | 'threshold' | 'relative'>): string =>
  `${signal} ${is} ${relative ? relativeText(relative) : threshold}`;

/** What a value is held against. */
export interface Comparison extends Pick<Condition, 'is' | 'relative'> {
  readonly threshold: number;
}

/** @throws when the reference is not known: whoever compares has to refuse earlier. */
export function comparisonOf({ signal, is, threshold, relative }: Condition): Comparison {
  if (threshold === undefined) throw new Error(`Cannot compare ${signal}: its reference is not known`);
  return { is, threshold, ...(relative && { relative }) };
}

const COMPARE: Record<Condition['is'], (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

/** What is well when a condition that is not well is false. */
export const OPPOSITE = { '>': '<=', '>=': '<', '<': '>=', '<=': '>' } as const satisfies Record<
  string,
  Condition['is']
>;

/** How a signal is well that is not well when the condition is met. @throws as `comparisonOf` */
export const whenFalse = (condition: Condition): Comparison => ({
  ...comparisonOf(condition),
  is: OPPOSITE[condition.is],
});

/** Whether a value meets a comparison; NaN never does. */
export const meets = (value: number, { is, threshold }: Comparison): boolean => COMPARE[is](value, threshold);
