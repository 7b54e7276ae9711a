import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Scalar,
} from 'yaml';
import { type Problem, quotable, showable, type Wrong } from './problem.ts';

/** Keys and indexes from the top of a file. */
export type Path = readonly PropertyKey[];

/** Where something stands in a file, and its text. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly found: string;
}

/** A document with what is needed to point into it. */
export interface Source {
  readonly file: string;
  readonly text: string;
  readonly doc: Document;
  readonly lines: LineCounter;
}

interface Reached {
  readonly node: Node | null;
  readonly key?: Scalar;
}

/** The place of the value at a path, or of the deepest value on the way: a short form has no inside. */
export function placeOfValue(source: Source, path: Path): Place {
  const { node, key } = walk(source.doc, path);
  const place = node?.range && placeOf(source, node);
  // Nothing stands there: the key says more.
  if (!place?.found) return key ? placeOf(source, key) : topOf(source);
  return path.at(-1) === 'secret' ? { ...place, found: '(hidden)' } : place;
}

/** The place of the key at a path: for what is unknown, missing or wrong as a whole. */
export function placeOfKey(source: Source, path: Path): Place {
  const { key } = walk(source.doc, path);
  return key ? placeOf(source, key) : topOf(source);
}

/** The place of a stretch of text. */
export function placeOfRange(
  source: Pick<Source, 'text' | 'lines'>,
  [start, end]: readonly [number, number],
): Place {
  const { line, col } = source.lines.linePos(start);
  return { line, column: col, found: quotable(source.text.slice(start, end)) };
}

/** A problem at a place of a file. Grammars quote what they cannot read, so their words are made fit to show too. */
export const problemAt = (source: Source, place: Place, words: Wrong): Problem => ({
  file: source.file,
  line: place.line,
  column: place.column,
  found: place.found || '(nothing)',
  message: showable(words.wrong),
  expected: words.expected,
});

function walk(doc: Document, path: Path): Reached {
  let reached: Reached = { node: resolved(doc, doc.contents) };
  for (const step of path) {
    const next = stepInto(doc, reached, step);
    if (next === undefined) return reached;
    reached = next;
  }
  return reached;
}

function stepInto(doc: Document, { node, key }: Reached, step: PropertyKey): Reached | undefined {
  if (isSeq(node) && typeof step === 'number') {
    return { node: resolved(doc, node.items[step]), ...(key && { key }) };
  }
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
    if (pair && isScalar(pair.key)) return { node: resolved(doc, pair.value), key: pair.key };
  }
  // One condition stands for a list of one, so an index on it stays where it is.
  return typeof step === 'number' ? { node, ...(key && { key }) } : undefined;
}

const resolved = (doc: Document, node: unknown): Node | null =>
  ((isAlias(node) ? node.resolve(doc) : node) as Node | undefined) ?? null;

function placeOf(source: Source, node: Node): Place {
  const [start, end] = node.range ?? [0, 0];
  const place = placeOfRange(source, [start, end]);
  // Texts without their quotes; numbers as they were typed, with their leading zeros.
  return isScalar(node) && typeof node.value === 'string' ? { ...place, found: quotable(node.value) } : place;
}

const topOf = (source: Source): Place => ({
  line: 1,
  column: 1,
  found: quotable(source.file.split('/').at(-1) ?? ''),
});
