import { describe, expect, it } from '@jest/globals';
import { cut, isolated, widthOf, wrapped } from '../../lib/cli/width.ts';

describe('widthOf()', () => {
  it.each([
    ['recommender', 11],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['한국', 4],
    ['ＡＢ', 4],
    ['👍', 2],
    ['👍🏽', 2],
    ['❤️', 2],
    ['🇩🇪', 2],
    ['שלום', 4],
    ['▁▂█', 3],
    ['✓ ✗ ● · …', 9],
    ['\u2068a\u2069', 1],
  ])('%s takes %d columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });
});

describe('cut()', () => {
  it('leaves what fits', () => {
    expect(cut('日本', 4)).toBe('日本');
  });

  it('ends with an ellipsis within the columns, and never in the middle of a character', () => {
    expect([cut('日本語', 5), cut('日本語', 4), cut('e\u0301a\u0301o', 2), cut('👍🏽👍🏽', 3)]).toEqual([
      '日本…',
      '日…',
      'e\u0301…',
      '👍🏽…',
    ]);
    expect([cut('abc', 1), cut('abc', 0)]).toEqual(['…', '']);
  });

  it('takes no time for what nobody sees', () => {
    expect(cut('漢'.repeat(1_000_000), 40)).toBe(`${'漢'.repeat(19)}…`);
  });
});

describe('wrapped()', () => {
  it('breaks between words, and cuts the last line it may have', () => {
    expect(wrapped('one two three four five six', 9, 3)).toEqual(['one two', 'three', 'four fiv…']);
    expect(wrapped('short', 9, 3)).toEqual(['short']);
  });

  it('breaks a word that is longer than a line', () => {
    expect(wrapped('a'.repeat(12), 5, 4)).toEqual(['aaaaa', 'aaaaa', 'aa']);
  });

  it('comes to an end in a window of no width', () => {
    expect(wrapped('漢字漢字', 1, 3)).toHaveLength(3);
  });
});

describe('isolated()', () => {
  it('keeps text from right to left to itself', () => {
    expect(isolated('by שלום עולם at 5:00')).toBe('by \u2068שלום עולם\u2069 at 5:00');
    expect(isolated('nothing of it')).toBe('nothing of it');
  });
});
