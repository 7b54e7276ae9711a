import { printable } from '../core/printable.ts';

/** One thing that is wrong in a file: where, what stands there, what is wrong with it, what was expected. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The offending text, on one line and without secrets. */
  readonly found: string;
  readonly expected: string;
  readonly message: string;
}

/** Files are read to a value or to everything that is wrong with them; nothing is thrown. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A text that cannot be read: what is wrong with it, and what would be right. */
export interface Wrong {
  readonly wrong: string;
  readonly expected: string;
}

const LONGEST_FOUND = 80;

/** One line for people and editors: `<file>:<line>:<column>: Cannot read "<found>": <message>; expected <expected>`. */
export const formatProblem = (p: Problem): string =>
  `${p.file}:${p.line}:${p.column}: Cannot read "${p.found}": ${p.message}; expected ${p.expected}`;

/** The value, when there are no problems; else the problems in reading order. */
export function checked<T>(value: T | undefined, problems: readonly Problem[]): Checked<T> {
  if (value !== undefined && problems.length === 0) return { ok: true, value };
  return { ok: false, problems: [...problems].sort(inReadingOrder) };
}

/** A problem of a file as a whole. */
export const wholeFile = (file: string, words: Wrong, found = baseName(file)): Problem => ({
  file,
  line: 1,
  column: 1,
  found: quotable(found),
  message: words.wrong,
  expected: words.expected,
});

export const wrong = (message: string, expected: string): Wrong => ({ wrong: message, expected });

export const isWrong = (read: unknown): read is Wrong =>
  typeof read === 'object' && read !== null && 'wrong' in read;

/** All that was read, or the first that could not be. */
export const allRead = <T>(parts: readonly (T | Wrong)[]): T[] | Wrong =>
  parts.find(isWrong) ?? (parts as T[]);

/** Fit to be quoted: the first line, bounded. */
export function quotable(text: string): string {
  const whole = showable(text.trim().split(/\r?\n/, 1)[0] ?? '');
  return whole.length > LONGEST_FOUND ? `${whole.slice(0, LONGEST_FOUND)}...` : whole;
}

/** Without control characters, the password of a URL, and a secret (F55). */
export const showable = (text: string): string =>
  printable(text)
    .replace(/\/\/[^/\s]*@/g, '//***@')
    .replace(/(\bsecret["']?\s*:\s*)[^\s,}]+/gi, '$1***');

const baseName = (file: string): string => file.split('/').at(-1) ?? file;

const inReadingOrder = (a: Problem, b: Problem): number =>
  (a.file === b.file ? 0 : a.file < b.file ? -1 : 1) || a.line - b.line || a.column - b.column;
