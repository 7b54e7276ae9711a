import { describe, expect, it } from '@jest/globals';
import { problemsOf, service, serviceOf } from './texts.ts';

const LADDER = 'flag off, then champion back';
const ladder = (text: string) => service([LADDER, text]);

describe('a ladder', () => {
  const flagOff = { lever: 'flag', verb: 'off' };
  const flagBack = { lever: 'flag', verb: 'back' };
  const championBack = { lever: 'champion', verb: 'back' };

  it.each([
    ['flag off, then champion back', [[flagOff], [championBack]]],
    ['flag off then champion back', [[flagOff], [championBack]]],
    ['flag off and champion back', [[flagOff, championBack]]],
    ['flag back', [[flagBack]]],
    ['flag off and champion back, then flag back', [[flagOff, championBack], [flagBack]]],
    ['[flag off, champion back]', [[flagOff], [championBack]]],
    ['[flag off and champion back]', [[flagOff, championBack]]],
    ['[[flag off, champion back], flag back]', [[flagOff, championBack], [flagBack]]],
    ['[[{ lever: flag, verb: off }], [champion back]]', [[flagOff], [championBack]]],
  ])('reads %p', (text, rungs) => {
    expect(serviceOf(ladder(text)).policy.do).toEqual(rungs);
  });

  it.each([
    ['champion off', '"off" is for flags, and "champion" is an alias; expected "champion back"'],
    ['flag on', '"flag on" is not a pull; expected <lever> off or <lever> back, joined by "and" or "then"'],
    [
      'flag off, champion back',
      '"flag off, champion back" is not a pull; expected <lever> off or <lever> back, joined by "and" or "then"',
    ],
    ['flg off', 'lever "flg" is not declared (did you mean "flag"?); expected one of flag, champion'],
    [
      'flag off and flag back',
      'lever "flag" is pulled twice in one rung; expected each lever once in a rung, or "then" between them',
    ],
    ['[]', 'ladder is empty; expected a ladder such as new-features off, then champion back'],
    ['5', 'not a ladder; expected a ladder such as new-features off, then champion back'],
  ])('refuses %p', (text, words) => {
    expect(problemsOf(ladder(text))).toEqual([`shop.yaml:10:7: Cannot read "${text}": ${words}`]);
  });

  it('points at the pull of a list that is wrong', () => {
    expect(problemsOf(ladder('[[{ lever: flag, verb: off }], [{ lever: champion, verb: off }]]'))).toEqual([
      'shop.yaml:10:64: Cannot read "off": "off" is for flags, and "champion" is an alias; expected "champion back"',
    ]);
    expect(problemsOf(ladder('[flag off, []]'))).toEqual([
      'shop.yaml:10:18: Cannot read "[]": rung is empty; expected a rung such as new-features off and champion back, or a list of pulls',
    ]);
  });
});
