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

/** `3 % below baseline`. */
export const relativeText = ({ percent }: Pick<Relative, 'percent'>): string =>
  `${Math.abs(percent)} % ${percent < 0 ? 'below' : 'above'} baseline`;

/** Without the dust of binary fractions. */
export const thresholdFrom = (reference: number, percent: number): number =>
  Number((reference * (1 + percent / 100)).toPrecision(12));
