import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { confirmHere } from '../../lib/cli/confirm.ts';

function aSeat(typed: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY: true });
  if (typed === '') input.end();
  else input.write(typed);
  return { input, output };
}

describe('a question at the terminal', () => {
  it.each([
    ['y\n', true],
    ['YES\n', true],
    ['\n', false],
    ['n\n', false],
    ['yesterday\n', false],
    ['', false],
  ])('answered with %j is %s', async (typed, answer) => {
    expect(await confirmHere('write it? [y/N] ', aSeat(typed))).toBe(answer);
  });

  it('is not asked where nobody sits', async () => {
    const seat = aSeat('y\n', false);

    expect(await confirmHere('write it? [y/N] ', seat)).toBeUndefined();
    expect(seat.output.read()).toBeNull();
  });
});
