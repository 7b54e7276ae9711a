import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printable } from '../../lib/core/printable.ts';
import { text, UNPRINTABLE } from '../fuzzed-events.ts';

describe('printable, whatever comes', () => {
  it('is bounded, printable, and the same when it is done again', () => {
    fc.assert(
      fc.property(text, (any) => {
        const shown = printable(any);

        expect(shown.length).toBeLessThanOrEqual(500);
        expect(shown).not.toMatch(UNPRINTABLE);
        expect(printable(shown)).toBe(shown);
      }),
    );
  });
});
