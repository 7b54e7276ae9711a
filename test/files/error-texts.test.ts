import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';
import { checkEnvironments } from '../../lib/files/check-environments.ts';
import type { Problem } from '../../lib/files/problem.ts';
import * as git from './git-texts.ts';
import { anEnvironment, ENVIRONMENT, SERVICE } from './texts.ts';

const FOLDER = 'lib/files';
const sources = readdirSync(FOLDER, { encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, code: readFileSync(join(FOLDER, name), 'utf8') }));

/** A text, a template, a pattern, or one character. */
const PIECE = /'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`|\/(?![/*])(?:\\.|\[(?:\\.|[^\]])*\]|[^/\n])+\/|[\s\S]/y;
const DEPTH: Readonly<Record<string, number>> = { '(': 1, '[': 1, '{': 1, ')': -1, ']': -1, '}': -1 };

/** The arguments of a call, split at its own commas; what is quoted is left alone. */
function argumentsAt(code: string, from: number): string[] {
  const given = [''];
  let depth = 0;
  PIECE.lastIndex = from;
  for (let piece = nextIn(code); depth > 0 || piece !== ')'; piece = nextIn(code)) {
    depth += DEPTH[piece] ?? 0;
    if (depth === 0 && piece === ',') given.push('');
    else given.push(`${given.pop()}${piece}`);
  }
  return given.map((argument) => argument.trim()).filter((argument) => argument !== '');
}

/** At the end of the file every call is over. */
const nextIn = (code: string): string => PIECE.exec(code)?.[0] ?? ')';

interface Call {
  readonly place: string;
  readonly given: readonly string[];
}

/** What these are given is the words for what is wrong, and then what to write instead. */
const CALL = /(?<![\w.])(?:says|wrong|text)\(/g;

const calls = sources.flatMap(({ name, code }): Call[] =>
  [...code.matchAll(CALL)].map((found) => {
    const from = found.index + found[0].length;
    const place = `${name}:${code.slice(0, found.index).split('\n').length}`;
    return { place, given: argumentsAt(code, from) };
  }),
);

describe('every error text of lib/files', () => {
  it('says what is wrong, and then what to write instead', () => {
    expect(calls.length).toBeGreaterThan(100);
    const silent = calls.filter(({ given }) => given.length < 2 || /^.\s*.$/.test(given.at(-1) ?? ''));

    expect(silent).toEqual([]);
  });
});

const DEBRIS = [
  '12',
  '-1',
  'null',
  'true',
  '""',
  '[]',
  '{}',
  '[1]',
  '{ a: b }',
  `"${'x'.repeat(600)}"`,
  '"a b"',
];

describe('every value of a file', () => {
  it.each([
    ['a service', SERVICE, (text: string) => anEnvironment({ shop: text })],
    ['an environment', ENVIRONMENT, (text: string) => anEnvironment({ shop: SERVICE }, { text })],
    ['a service of Git', git.service(), (text: string) => anEnvironment({ shop: text }, { text: git.text })],
  ] as const)('of %s that is something else is answered in our own words', (_, text, around) => {
    const problems = spoiledBy(text).flatMap((spoiled): readonly Problem[] => {
      const read = checkEnvironments([around(spoiled)]);
      return read.ok ? [] : read.problems;
    });

    expect(problems.length).toBeGreaterThan(50);
    expect(problems.filter((p) => p.expected.trim() === '' || p.message.trim() === '')).toEqual([]);
    // Zod's words are not ours: "Invalid input: expected string, received number".
    expect(problems.filter((p) => /^(Invalid|Too |Unrecognized|Required|Expected)/.test(p.message))).toEqual(
      [],
    );
  });
});

/** The file with one value after the other replaced by what does not belong there. */
function spoiledBy(text: string): string[] {
  const ranges: [number, number][] = [];
  visit(parseDocument(text), {
    Node: (key, node) => {
      if (key !== 'key' && (isScalar(node) || isMap(node) || isSeq(node)) && node.range)
        ranges.push([node.range[0], node.range[1]]);
    },
  });
  const flow = (debris: string) =>
    ranges.map(([from, to]) => `${text.slice(0, from)}${debris}${text.slice(to)}`);
  return DEBRIS.flatMap(flow);
}
