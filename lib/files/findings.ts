import type { Path, Source } from './places.ts';
import { placeOfKey, placeOfValue, problemAt } from './places.ts';
import { type Problem, type Wrong, wrong } from './problem.ts';

/** What is wrong at a path of a file; `onKey` when the key is meant, not its value. */
export interface Finding {
  readonly path: Path;
  readonly onKey?: true;
  readonly message: string;
  readonly expected: string;
}

/** Notes what is wrong at a path and goes on, so that all of it is told at once. */
export type Refuse = (path: Path, words: Wrong, onKey?: true) => undefined;

/** A `Refuse` that fills a list. */
export const refusing =
  (findings: Finding[]): Refuse =>
  (path, words, onKey) => {
    findings.push({ path, message: words.wrong, expected: words.expected, ...(onKey && { onKey }) });
    return undefined;
  };

/** A finding with its line and column. */
export function problemOf(source: Source, { path, onKey, message, expected }: Finding): Problem {
  const place = onKey ? placeOfKey(source, path) : placeOfValue(source, path);
  return problemAt(source, place, wrong(message, expected));
}
