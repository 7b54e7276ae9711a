import { isAlias, visit, type YAMLError } from 'yaml';
import { placeOfRange, problemAt, type Source } from './places.ts';
import { type Problem, quotable, type Wrong, wrong } from './problem.ts';

/** Syntax errors beyond the first few follow from the first few. */
const MOST_SYNTAX_PROBLEMS = 10;

const SYNTAX: Readonly<Record<string, Wrong>> = {
  DUPLICATE_KEY: wrong('key stands here a second time', 'each key once'),
  TAB_AS_INDENT: wrong('a tab indents this line', 'spaces'),
  MULTIPLE_DOCS: wrong('a second document begins here', 'one document per file'),
  NON_STRING_KEY: wrong('key is no plain text', 'a key such as latency; texts with braces go in quotes'),
  RESOURCE_EXHAUSTION: wrong('nested too deeply', 'a handful of levels'),
};

/** What YAML itself cannot read. */
export function syntaxProblems(source: Source): Problem[] {
  return causes(source.doc.errors).map((error) => {
    const place = { ...placeOfRange(source, error.pos), found: broken(source, error) };
    return problemAt(source, place, syntaxWords(error));
  });
}

/** The parser goes on after a tab or a bottomless nest, and what it says then is only their echo. */
function causes(errors: readonly YAMLError[]): readonly YAMLError[] {
  const bottomless = errors.filter((e) => e.code === 'RESOURCE_EXHAUSTION');
  if (bottomless.length > 0) return bottomless.slice(0, 1);
  const tabs = errors.filter((e) => e.code === 'TAB_AS_INDENT');
  return (tabs.length > 0 ? tabs : errors).slice(0, MOST_SYNTAX_PROBLEMS);
}

/** The key that stands twice, or the line that cannot be read: the parser points at single letters. */
function broken({ text }: Source, { code, pos }: YAMLError): string {
  if (code === 'DUPLICATE_KEY') return quotable(/^[^\s:]+/.exec(text.slice(pos[0]))?.[0] ?? '');
  const upTo = text.slice(0, pos[0]).trimEnd();
  const after = text.slice(pos[0]).split('\n', 1)[0] ?? '';
  const line = text.slice(text.lastIndexOf('\n', pos[0] - 1) + 1, pos[0]) + after;
  return quotable(line.trim() === '' ? upTo.slice(upTo.lastIndexOf('\n') + 1) : line);
}

const syntaxWords = ({ code, message }: YAMLError): Wrong =>
  SYNTAX[code] ?? wrong(`${message.charAt(0).toLowerCase()}${message.slice(1)}`, 'YAML 1.2');

/** What YAML knows and these files do not need: tags change types, a directive changes the language. */
export function strangers(source: Source): Problem[] {
  const found: Problem[] = [];
  const refuse = (range: readonly number[] | null | undefined, words: Wrong) => {
    found.push(problemAt(source, placeOfRange(source, [range?.[0] ?? 0, range?.[1] ?? 0]), words));
  };
  if (source.doc.directives?.yaml.explicit || source.text.startsWith('%')) {
    refuse([0, source.text.indexOf('\n')], wrong('a directive stands before the document', 'plain YAML 1.2'));
  }
  visit(source.doc, {
    Node: (_, node) => {
      const tag = isAlias(node) ? undefined : node.tag;
      if (tag) refuse(node.range, wrong(`tag "${tag}" is not used here`, 'a plain value'));
      if (isAlias(node) && !node.resolve(source.doc)) {
        refuse(
          node.range,
          wrong(`anchor "${node.source}" is not set before it`, 'an alias of an anchor above'),
        );
      }
    },
  });
  return found;
}
