/** Times and amounts as people read them: durations, values with their unit, and what they are held against. */
import { type Comparison, type Condition, type Relative, shareText } from './condition.ts';
import type { Unit } from './service.ts';

/** Years 0 to 9999: what four digits of an ISO date can say. */
const LATEST_MS = 253_402_300_799_999;

const isWritten = (at: number): boolean => at >= 0 && at <= LATEST_MS;

/** Nothing where it is no time that people write. */
export const isoOf = (at: number): string | undefined =>
  isWritten(at) ? new Date(at).toISOString() : undefined;

/** `09:04:03`, UTC. Counted, not cut out of a date: a page says it hundreds of times. */
export function clock(at: number): string {
  if (!isWritten(at)) return 'unknown';
  const seconds = Math.floor(at / 1000) % 86_400;
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const two = (n: number): string => (n < 10 ? `0${Math.floor(n)}` : `${Math.floor(n)}`);

/** `2026-11-21`, UTC. */
export const date = (at: number): string => isoOf(at)?.slice(0, 10) ?? 'unknown date';

/** `2026-11-21 09:04:03 UTC`. */
export const dateTime = (at: number): string => `${date(at)} ${clock(at)} UTC`;

/** `2 min 41 s`; below ten seconds with a tenth, above an hour without seconds. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${trim(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (h > 0) return min > 0 ? `${h} h ${min} min` : `${h} h`;
  if (min === 0) return `${s} s`;
  return s > 0 ? `${min} min ${s} s` : `${min} min`;
}

/** Four significant digits at most, thousands apart: `1 204`, `0.8123`. */
export function amount(value: number): string {
  if (!Number.isFinite(value)) return 'no number';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e12)) return value.toExponential(2);
  const digits = size >= 1000 ? 0 : Math.max(0, 3 - Math.floor(Math.log10(size || 1)));
  const [whole = '', rest] = trim(value.toFixed(Math.min(digits, 4))).split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, '\u202f'), rest].filter(Boolean).join('.');
}

/** `250 ms`; a ratio and a count have no unit of their own. */
export const withUnit = (value: number, unit: Unit): string =>
  unit === 'ratio' || unit === 'count' ? amount(value) : `${amount(value)} ${unit}`;

const IN_WORDS: Record<Condition['is'], string> = {
  '>': 'above',
  '>=': 'at or above',
  '<': 'below',
  '<=': 'at or below',
};

/** `below 250 ms`, or `at or above 0.776 (3 % below the 0.8 of baseline recommender-b20261121T090000)`. */
export const conditionText = ({ is, threshold, relative }: Comparison, unit: Unit): string =>
  `${IN_WORDS[is]} ${withUnit(threshold, unit)}${relative ? ` (${referenceText(relative, unit)})` : ''}`;

const referenceText = (relative: Relative, unit: Unit): string =>
  `${shareText(relative)} the ${withUnit(relative.reference ?? Number.NaN, unit)} of baseline ${relative.baseline ?? 'unknown'}`;

const trim = (fixed: string): string => (fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed);
