import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { conditionFormat } from '../../lib/files/condition.ts';
import { ladderFormat } from '../../lib/files/ladder.ts';

const [, EBNF = ''] = /^```ebnf\n([\s\S]*?)^```$/m.exec(readFileSync('docs/policy.md', 'utf8')) ?? [];
const RULES = new Map(
  EBNF.split(';').flatMap((rule): [string, string[]][] => {
    const [name = '', body = ''] = rule.split(/\s=\s/);
    return name.trim() === '' ? [] : [[name.trim(), body.match(/"[^"]*"|[a-z]+|[{}[\]()|,]/g) ?? []]];
  }),
);

/** What the page says in words. */
const WORDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  signal: fc.constantFrom('latency', 'auc', 'error-ratio'),
  lever: fc.constantFrom('new-features', 'champion'),
  number: fc.constantFrom('250', '0.7', '-1', '12.5'),
  percent: fc.constantFrom('3', '12.5', '99'),
  periods: fc.constantFrom('6'),
  whole: fc.constantFrom('10', '60'),
};

/** Texts that a rule of the page allows: alternatives, options and repetitions as ISO 14977 has them. */
function textsOf(name: string): fc.Arbitrary<string> {
  const words = WORDS[name];
  if (words) return words;
  const tokens = [...(RULES.get(name) ?? [])];
  if (tokens.length === 0) throw new Error(`Cannot derive "${name}": the page has no such rule`);
  return choice(tokens);
}

function choice(tokens: string[]): fc.Arbitrary<string> {
  const options = [sequence(tokens)];
  while (tokens[0] === '|') {
    tokens.shift();
    options.push(sequence(tokens));
  }
  return fc.oneof(...options);
}

function sequence(tokens: string[]): fc.Arbitrary<string> {
  const parts: fc.Arbitrary<string>[] = [];
  while (tokens[0] !== undefined && !['|', ')', ']', '}'].includes(tokens[0])) parts.push(item(tokens));
  return fc.tuple(...parts).map((texts) => texts.filter((text) => text !== '').join(' '));
}

function item(tokens: string[]): fc.Arbitrary<string> {
  const token = tokens.shift() ?? '';
  if (token === ',') return fc.constant('');
  if (token.startsWith('"')) return fc.constant(token.slice(1, -1));
  if (!'([{'.includes(token)) return textsOf(token);
  const inside = choice(tokens);
  tokens.shift();
  if (token === '(') return inside;
  if (token === '[') return fc.option(inside, { nil: '' });
  return fc.array(inside, { maxLength: 2 }).map((texts) => texts.join(' '));
}

describe('the grammar of docs/policy.md', () => {
  it.each([
    ['condition', conditionFormat],
    ['rung', ladderFormat],
    ['do', ladderFormat],
  ] as const)('allows no %s that is not read', (rule, format) => {
    fc.assert(
      fc.property(textsOf(rule), (text) => {
        expect([text, format.safeParse(text).error?.issues ?? []]).toEqual([text, []]);
      }),
      { numRuns: 500 },
    );
  });

  it('has rules for all three lines', () => {
    expect([...RULES.keys()]).toEqual(expect.arrayContaining(['when', 'do', 'verify', 'condition', 'rung']));
  });
});
