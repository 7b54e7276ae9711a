/** Text for terminals: what comes from outside is made harmless, and lists fit narrow windows. */
import { styleText } from 'node:util';
import { widthOf, withoutJoined } from './width.ts';

export { cut } from './width.ts';

/** Control and direction characters out: values of flags and names of alarms come from outside (F55). */
export const clean = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, ' ');

/** For terminals that show nothing else; never of more columns than the text: what takes none of its own goes. */
export const asciiOnly = (text: string): string =>
  withoutJoined(text.replace(/\p{Zs}/gu, ' '))
    .replaceAll('…', '~')
    .replace(/[^ -~]/gu, '?');

export type Tone = 'plain' | 'good' | 'bad' | 'busy' | 'faint' | 'strong';

const FORMATS = {
  good: 'green',
  bad: 'red',
  busy: 'cyan',
  faint: 'gray',
  strong: 'bold',
} as const satisfies Record<Exclude<Tone, 'plain'>, string>;

/** In colour, where colours are wanted. */
export const toned = (text: string, tone: Tone, color: boolean): string =>
  !color || tone === 'plain' ? text : styleText(FORMATS[tone], text, { validateStream: false });

/** Rows below a head. Where they do not fit side by side, each row is a block: nothing that is to be copied is cut. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): string[] {
  const all = [head, ...rows].map((row) => row.map(clean));
  const widths = head.map((_, n) => Math.max(...all.map((row) => widthOf(row[n] ?? ''))));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > columns) return all.slice(1).flatMap((row) => block(head, row));
  return all.map((row) =>
    row
      .map((cell, n) => cell + ' '.repeat((widths[n] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd(),
  );
}

const block = (head: readonly string[], [first = '', ...rest]: readonly string[]): string[] => [
  first,
  ...rest.flatMap((cell, n) => (cell === '' ? [] : [`  ${head[n + 1] ?? ''}: ${cell}`])),
];

/** `1:05`, `1:02:03`: a clock that runs. */
export function stopwatch(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(min)}:${two(s)}` : `${min}:${two(s)}`;
}

/** For a POSIX shell, where it needs quotes. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
