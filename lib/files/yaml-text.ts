import { isMap, LineCounter, parseDocument, visit } from 'yaml';
import { type Place, placeOfRange, placeOfValue, problemAt, type Source } from './places.ts';
import { isWrong, type Problem, wholeFile, wrong } from './problem.ts';
import { strangers, syntaxProblems } from './yaml-faults.ts';

/** A file's text under the name that people know it by. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** What YAML made of a text. `source` is there when the values can be looked at, duplicates and all. */
export interface YamlText {
  readonly problems: readonly Problem[];
  readonly source?: Source;
  readonly value?: unknown;
}

/** Files are written by hand: the examples have 2 KiB. */
const LARGEST_FILE_BYTES = 64 * 1024;
/** How often values may be repeated through aliases: `yaml` counts what they multiply to. */
const MOST_ALIASES = 50;

const TOO_LARGE = wrong(
  `file is larger than ${LARGEST_FILE_BYTES / 1024} KiB`,
  'one service or environment per file',
);
/** The values of a YAML 1.2 text, or what keeps it from being read. Tags, directives and alias bombs are refused. */
export function parseYaml({ file, text }: SourceFile): YamlText {
  if (Buffer.byteLength(text) > LARGEST_FILE_BYTES) return { problems: [wholeFile(file, TOO_LARGE)] };
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: true, stringKeys: true } as const;
  const doc = parseDocument(text, { ...options, version: '1.2', schema: 'core', logLevel: 'error' });
  const source = { file, text, doc, lines };
  const [broken, strange] = [syntaxProblems(source), strangers(source)];
  const readable = strange.length === 0 && doc.errors.every((e) => e.code === 'DUPLICATE_KEY');
  return readable ? valuesOf(source, broken) : { problems: [...broken, ...strange] };
}

function valuesOf(source: Source, problems: readonly Problem[]): YamlText {
  const { contents } = source.doc;
  if (!isMap(contents)) {
    const words = wrong(contents ? 'not a mapping' : 'file is empty', 'keys with values, such as "policy:"');
    return { problems: [...problems, problemAt(source, placeOfValue(source, []), words)] };
  }
  const value = toValue(source);
  if (!isWrong(value)) return { problems, source, value };
  return { problems: [...problems, problemAt(source, firstAlias(source), value)] };
}

function toValue({ doc }: Source): unknown {
  try {
    return doc.toJS({ maxAliasCount: MOST_ALIASES });
  } catch {
    return wrong(
      'aliases or nesting multiply to too much',
      `values written out, or at most ${MOST_ALIASES} repeated`,
    );
  }
}

function firstAlias(source: Source): Place {
  let first: readonly number[] = [0, 0];
  visit(source.doc, {
    Alias: (_, alias) => {
      first = alias.range ?? first;
      return visit.BREAK;
    },
  });
  return placeOfRange(source, [first[0] ?? 0, first[1] ?? 0]);
}
