/** Lines that know how they are to be shown: by windows of any width, in colour or not. */
import type { Terminal } from './host.ts';
import { clean, type Tone, toned } from './text.ts';
import { widthOf } from './width.ts';

/** A text of ours, which is broken at blanks; what is to be copied comes last, and is left whole. */
export interface Line {
  /** Columns before it. @default 0 */
  readonly indent?: number;
  readonly text: string;
  /** Such as a command: beside the text where there is room for both, else below it. */
  readonly whole?: string;
  readonly tone?: Tone;
}

type Window = Pick<Terminal, 'columns' | 'isTty' | 'color'>;

/** How much further in what does not fit goes on. */
const HANGING = 2;

/** Where nobody looks lines are as long as they are: other programs read them. */
export function laidOut(line: string | Line, { columns, isTty, color }: Window): string[] {
  if (typeof line === 'string') return [clean(line)];
  const { indent = 0, tone = 'plain' } = line;
  const [text, whole] = [clean(line.text), line.whole === undefined ? '' : clean(line.whole)];
  const room = isTty ? Math.max(MIN_ROOM, columns - indent) : Number.POSITIVE_INFINITY;
  const beside = [text, whole].filter((part) => part !== '').join(' ');
  const shown =
    text === '' || (whole !== '' && widthOf(beside) <= room)
      ? [beside]
      : [...broken(text, room), ...(whole === '' ? [] : [`${PAD}${whole}`])];
  return shown.map((part) => `${' '.repeat(indent)}${toned(part, tone, color)}`);
}

/** Narrower than this nothing is readable. */
const MIN_ROOM = 16;
const PAD = ' '.repeat(HANGING);

/** At blanks; a word that is longer than the room is left whole. */
function broken(text: string, room: number): string[] {
  if (widthOf(text) <= room) return [text];
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const longer = last === undefined ? undefined : `${last} ${word}`;
    if (longer !== undefined && widthOf(longer) <= room) lines[lines.length - 1] = longer;
    else lines.push(last === undefined ? word : `${PAD}${word}`);
  }
  return lines;
}
