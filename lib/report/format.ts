import { clock, isoOf } from '../core/amounts.ts';
import { type Html, html } from './html.ts';

export { amount, clock, conditionText, date, dateTime, duration, withUnit } from '../core/amounts.ts';

/** A `time` element that shows one of the above. */
export const timeTag = (at: number, show: (at: number) => string = clock): Html =>
  html`<time datetime="${isoOf(at) ?? ''}">${show(at)}</time>`;

/** `1 step`, `2 steps`. */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
