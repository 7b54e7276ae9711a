import { describe, expect, it } from '@jest/globals';
import { MODES, strictest } from '../../lib/core/environment.ts';

describe('I7: strictest', () => {
  it.each([
    [['act', 'observe'], 'observe'],
    [['observe', 'off'], 'off'],
    [['off', 'act'], 'off'],
    [['act', 'act'], 'act'],
    [[undefined, 'act'], 'act'],
    [['observe', undefined], 'observe'],
  ] as const)('of %j is %s', (votes, mode) => {
    expect(strictest(votes, 'act')).toBe(mode);
  });

  it.each(MODES)('takes the first mode (%s) when nobody voted', (first) => {
    expect(strictest([undefined, undefined], first)).toBe(first);
  });

  it('does not let the first mode vote: an operator may raise it', () => {
    expect(strictest(['act', undefined], 'observe')).toBe('act');
  });
});
