/** How many columns of a terminal a text takes, and texts that fit into so many. */

/** Put onto the sign before it: marks, and the vowels and tails of Hangul. */
const JOINED = String.raw`\p{M}\u1160-\u11FF\uD7B0-\uD7FF`;

/**
 * What a reader takes for one character: flags, and whatever is put onto the sign before it. `Intl.Segmenter` knows more
 * of them, and takes 150 ms to load.
 */
const GRAPHEME = new RegExp(`\\p{RI}\\p{RI}|.(?:[${JOINED}]|\\p{Emoji_Modifier})*`, 'gsu');

const ALL_JOINED = new RegExp(`[${JOINED}]`, 'gu');

/** Only the signs themselves. */
export const withoutJoined = (text: string): string => text.replace(ALL_JOINED, '');

/** Emoji, and what Unicode's EastAsianWidth.txt calls wide or full: in whole blocks, the few narrow ones inside too. */
const WIDE =
  /\p{Emoji_Presentation}|\p{RI}|\uFE0F|^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{1B2FF}\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
/** Takes no column of its own, also where it stands alone. */
const NO_COLUMN = /^[\p{M}\p{Cf}\p{Cc}]+$/u;
const ASCII = /^[\x20-\x7E]*$/;

const columnsOf = (grapheme: string): number => (NO_COLUMN.test(grapheme) ? 0 : WIDE.test(grapheme) ? 2 : 1);

/** Columns that a text takes. */
export const widthOf = (text: string): number =>
  ASCII.test(text)
    ? text.length
    : (text.match(GRAPHEME) ?? []).reduce((sum, grapheme) => sum + columnsOf(grapheme), 0);

/** At most this many columns, the last one an ellipsis where something was cut; never through a character. */
export function cut(text: string, columns: number): string {
  // Longer texts of outside cost no more than what is shown of them.
  const looked = text.length > LOOKED_AT ? `${text.slice(0, LOOKED_AT)}…` : text;
  if (widthOf(looked) <= columns) return looked;
  const [kept] = splitAt(looked, Math.max(0, columns - 1));
  return columns > 0 ? `${kept}…` : '';
}

const LOOKED_AT = 5000;

/** As much as fits into the columns, and the rest. */
function splitAt(text: string, columns: number): [string, string] {
  let [end, taken] = [0, 0];
  for (const { 0: grapheme, index } of text.matchAll(GRAPHEME)) {
    taken += columnsOf(grapheme);
    if (taken > columns) break;
    end = index + grapheme.length;
  }
  return [text.slice(0, end), text.slice(end)];
}

/** Lines of at most this many columns, broken between words where there are any; the last one is cut after `most`. */
export function wrapped(text: string, columns: number, most: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (widthOf(rest) > columns && lines.length < most - 1) {
    const [head] = splitAt(rest, Math.max(2, columns));
    const blank = rest[head.length] === ' ' ? head.length : head.lastIndexOf(' ');
    const end = blank > columns / 3 ? blank : head.length;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, cut(rest, columns)];
}

const RIGHT_TO_LEFT =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}](?:.*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}])?/gu;

/** Text that runs from right to left within marks of its own (FSI, PDI): it does not turn what stands beside it. */
export const isolated = (text: string): string => text.replace(RIGHT_TO_LEFT, '\u2068$&\u2069');
