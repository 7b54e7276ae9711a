import { UNITS, type Unit } from '../core/service.ts';
import { type Wrong, wrong } from './problem.ts';

const TIMES = { ms: 1, s: 1000, min: 60_000 };
const SHARES = { '%': 1, ratio: 100 };
const COUNTS = { count: 1 };

const SECONDS = { ms: 0.001, s: 1, min: 60, h: 3600 };

/** `10 s`, `5 min`, `500 ms`, `1 h`. */
export const DURATION = /^(\d{1,9}(?:\.\d{1,6})?)\s*(ms|s|min|h)$/;

/** Seconds of a text that matches `DURATION`. */
export function secondsOf(text: string): number {
  const [, number = '', unit = 's'] = DURATION.exec(text) ?? [];
  return rounded(Number(number) * SECONDS[unit as keyof typeof SECONDS]);
}

/** As people would write it: 600 is `10 min`. */
export function durationText(seconds: number): string {
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** A number in another unit of its family: 3 % is 0.03 ratio. */
export function convert(number: number, from: Unit, to: Unit): number | Wrong {
  const family = familyOf(to);
  const factor = family[from];
  if (factor !== undefined) return rounded((number * factor) / (family[to] ?? 1));
  return wrong(`unit "${from}" does not fit a signal in ${to}`, `one of ${Object.keys(family).join(', ')}`);
}

export const isUnit = (text: string): text is Unit => UNITS.some((unit) => unit === text);

const familyOf = (unit: Unit): Partial<Record<Unit, number>> =>
  [TIMES, SHARES, COUNTS].find((family) => unit in family) ?? {};

/** Without the dust of binary fractions: 0.07 ratio is 7 %, not 7.000000000000001 %. */
const rounded = (number: number): number => Number(number.toPrecision(12));
