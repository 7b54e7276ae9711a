import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkEnvironments } from '../../lib/files/check-environments.ts';
import { anEnvironment, ENVIRONMENT, SERVICE } from './texts.ts';

const debris = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '\t',
    ': ',
    '{',
    '}',
    '[',
    ']',
    '"',
    '*a ',
    '&a ',
    '!!',
    '- ',
    '\n',
    '# ',
    '---\n',
    '? ',
    '<<: ',
    'null',
    '|\n',
    '\u0000',
  ),
);
const cut = fc.nat({ max: SERVICE.length });
const spoiled = fc
  .tuple(cut, fc.nat({ max: 30 }), debris)
  .map(([from, length, text]) => SERVICE.slice(0, from) + text + SERVICE.slice(from + length));
const anything = fc.oneof(spoiled, fc.string({ unit: 'binary', maxLength: 80 }), fc.json());

describe('any text at all', () => {
  it('is read, or refused with a place, the text and what was expected', () => {
    fc.assert(
      fc.property(anything, fc.boolean(), (text, asService) => {
        const source = asService
          ? anEnvironment({ shop: text })
          : anEnvironment({ shop: SERVICE }, { text: ENVIRONMENT + text });

        const read = checkEnvironments([source]);

        for (const problem of read.ok ? [] : read.problems) {
          expect(problem.line).toBeGreaterThan(0);
          expect(problem.column).toBeGreaterThan(0);
          expect([problem.found, problem.message, problem.expected]).not.toContain('');
        }
        expect(read.ok || read.problems.length > 0).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });
});
