import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';

export interface Part {
  readonly kind: 'signal' | 'lever';
  readonly name: string;
}

/** The signal or lever that a line of a service file belongs to: by where it is declared, or by who is named there. */
export function partsAt(text: string, line: number): Part[] {
  const declared = partsIn(text);
  const [found] = declared.filter(({ from, to }) => from <= line && line <= to);
  if (found) return [found];
  const stands = text.split('\n')[line - 1] ?? '';
  // The first line stands for the whole file.
  if (stands.startsWith('#')) return [];
  const words = new Set(stands.match(/[a-z][a-z0-9-]*/g));
  return declared.filter(({ kind, name }) => kind === 'signal' && words.has(name));
}

type Declared = Part & { readonly from: number; readonly to: number };

function partsIn(text: string): Declared[] {
  const lines = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: lines });
  const of = (key: string, kind: Part['kind']): Declared[] => {
    const below = isMap(contents) ? contents.get(key) : undefined;
    return isMap(below) ? entriesOf(below, kind, (offset) => lines.linePos(offset).line) : [];
  };
  return [...of('signals', 'signal'), ...of('levers', 'lever')];
}

const entriesOf = (map: YAMLMap, kind: Part['kind'], lineOf: (offset: number) => number): Declared[] =>
  map.items.flatMap(({ key, value }) => {
    if (!isScalar(key) || typeof key.value !== 'string' || !isMap(value)) return [];
    const from = lineOf(key.range?.[0] ?? 0);
    // A value's range ends behind its line.
    const to = Math.max(from, lineOf(Math.max(0, (value.range?.[1] ?? 1) - 1)));
    return [{ kind, name: key.value, from, to }];
  });
