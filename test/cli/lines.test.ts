import { describe, expect, it } from '@jest/globals';
import { laidOut } from '../../lib/cli/lines.ts';

const narrow = { columns: 40, isTty: true, color: false };
const COMMAND = `aws ssm put-parameter --name '/shop/recommender/new-features' --value 'false'`;

describe('a line in a narrow window', () => {
  it('is broken at blanks, and goes on further in', () => {
    const text = 'deadline 7 min 50 s after open, then people are paged';

    expect(laidOut({ text, indent: 2 }, narrow)).toEqual([
      '  deadline 7 min 50 s after open, then',
      '    people are paged',
    ]);
  });

  it('counts the columns that characters take, not the characters', () => {
    expect(laidOut({ text: `plan ${'模型 '.repeat(8).trim()}` }, narrow)).toEqual([
      'plan 模型 模型 模型 模型 模型 模型 模型',
      '  模型',
    ]);
  });

  it('leaves a word whole that is longer than the window', () => {
    const word = 'x'.repeat(60);

    expect(laidOut({ text: `plan ${word}` }, narrow)).toEqual(['plan', `  ${word}`]);
  });

  it('leaves what is to be copied whole, below its text', () => {
    expect(laidOut({ text: 'by hand:', whole: COMMAND, indent: 4 }, narrow)).toEqual([
      '    by hand:',
      `      ${COMMAND}`,
    ]);
  });

  it('stays readable in one that is narrower than what it is indented by', () => {
    const lines = laidOut({ text: 'one two three four', indent: 30 }, { ...narrow, columns: 10 });

    expect(lines.map((line) => line.trim())).toEqual(['one two three', 'four']);
  });
});

describe('a line', () => {
  it('has what is to be copied beside its text where there is room for both', () => {
    expect(laidOut({ text: 'by hand:', whole: COMMAND }, { ...narrow, columns: 120 })).toEqual([
      `by hand: ${COMMAND}`,
    ]);
  });

  it('is never broken where nobody looks: programs read it', () => {
    const text = 'word '.repeat(100).trim();

    expect(laidOut({ text, whole: COMMAND }, { ...narrow, isTty: false })).toEqual([`${text} ${COMMAND}`]);
  });

  it('is coloured where colours are wanted, each part of it for itself', () => {
    const line = { text: '+ "false"', tone: 'good' as const, indent: 2 };

    expect(laidOut(line, { ...narrow, color: true })).toEqual(['  \u001b[32m+ "false"\u001b[39m']);
    expect(laidOut(line, narrow)).toEqual(['  + "false"']);
  });

  it('F55: has no control or direction characters from outside', () => {
    expect(laidOut({ text: 'a\u001b[31m\u202eb', whole: 'c\u0007' }, narrow)).toEqual(['a [31m b c ']);
    expect(laidOut('a\u001bb', narrow)).toEqual(['a b']);
  });
});
