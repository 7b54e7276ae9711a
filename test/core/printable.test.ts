import { describe, expect, it } from '@jest/globals';
import { printable } from '../../lib/core/printable.ts';

describe('printable', () => {
  it('does not cut a character in two', () => {
    expect(printable(`${'x'.repeat(499)}🔥`)).toBe('x'.repeat(499));
    expect(printable(`${'x'.repeat(498)}🔥`)).toBe(`${'x'.repeat(498)}🔥`);
  });

  it('F55: cuts after it has redacted: no half of a credential is left', () => {
    const key = `AKIA${'A1'.repeat(8)}`;

    for (let before = 470; before <= 500; before++)
      expect(printable(`${' '.repeat(before)}${key} and more`)).not.toContain('AKIA');
  });

  it('F55: is not misled by what cannot be seen', () => {
    expect(printable('password=\u200bhunter2')).toBe('password= [redacted]');
  });
});
