import type * as z from 'zod';
import { didYouMean } from '../core/closest.ts';
import type { Finding } from './findings.ts';
import type { Path } from './places.ts';

/** Every issue of a schema in words that say what to write instead. */
export const explain = (issues: readonly z.core.$ZodIssue[], value: unknown): Finding[] =>
  issues.flatMap((issue) => explainIssue(issue, value, []));

function explainIssue(issue: z.core.$ZodIssue, value: unknown, base: Path): Finding[] {
  const path = [...base, ...issue.path];
  const words = wordsOf(issue.message);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], onKey: true, ...nearest(key, words) }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((inner) => ({ path, onKey: true, ...wordsOf(inner.message) }));
  }
  const found = valueAt(value, path);
  if (found === undefined) return [missing(path, words)];
  if (found === null) return [{ path, onKey: true, message: 'value is missing', expected: words.expected }];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return explainUnion(issue, value, path);
  return [{ path, ...(typeof found === 'string' ? nearest(found, words) : words) }];
}

/** Of several forms, the one that was meant: its type fits what stands there, and least of it is wrong. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, value: unknown, path: Path): Finding[] {
  const [meant] = issue.errors
    .filter((issues) => !issues.some((i) => i.path.length === 0 && i.code === 'invalid_type'))
    .toSorted((one, other) => one.length - other.length);
  if (!meant) return [{ path, ...wordsOf(issue.message) }];
  return meant.flatMap((inner) => explainIssue(inner, value, path));
}

const missing = (path: Path, words: Words): Finding => ({
  path: path.slice(0, -1),
  onKey: true,
  message: `key "${String(path.at(-1))}" is missing`,
  expected: words.expected,
});

interface Words {
  readonly message: string;
  readonly expected: string;
}

function wordsOf(text: string): Words {
  const [message = '', ...expected] = text.split('; expected ');
  return { message, expected: expected.join('; expected ') };
}

/** A list of words to choose from is also where a slip of the finger is looked up. */
function nearest(found: string, { message, expected }: Words): Words {
  const options = expected.startsWith('one of ') ? expected.slice('one of '.length).split(', ') : [];
  return { message: `${message}${didYouMean(found, options)}`, expected };
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<PropertyKey, unknown>)[step];
  }
  return at;
}
