import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { failureOf } from '../../lib/cli/failure.ts';
import { wantsColor } from '../../lib/cli/host.ts';
import { asciiOnly, shellWord, stopwatch, table } from '../../lib/cli/text.ts';
import { widthOf } from '../../lib/cli/width.ts';
import { BadInput, NotReady, OutsideRefusal, OutsideTrouble } from '../../lib/core/errors.ts';
import { aDesk, aWorld, type } from './desk.ts';

describe('failureOf()', () => {
  it.each([
    [new BadInput('Cannot a'), 2, 'Cannot a'],
    [new NotReady('Cannot b', { cause: namedError('CredentialsProviderError') }), 3, 'Cannot b'],
    [new OutsideTrouble('Cannot c'), 3, 'Cannot c; try again'],
    [new OutsideRefusal('Cannot d'), 1, 'Cannot d'],
    [
      new OutsideRefusal('Cannot e', { cause: namedError('AccessDeniedException') }),
      3,
      'Cannot e; use a role that may do this',
    ],
    [new Error('Two\nlines.'), 1, 'Two; lines'],
    ['no error at all', 1, 'no error at all'],
  ] as const)('%s is exit code %d', (error, exit, sentence) => {
    expect(failureOf(error)).toEqual({ exit, sentence });
  });
});

function namedError(name: string): Error {
  return Object.assign(new Error('why'), { name });
}

describe('text for terminals', () => {
  it('makes blocks of rows that do not fit, and leaves empty cells out', () => {
    const rows = [['a'.repeat(30), 'b', '']];

    expect(table(['one', 'two', 'three'], rows, 40)).toHaveLength(2);
    expect(table(['one', 'two', 'three'], rows, 20)).toEqual(['a'.repeat(30), '  two: b']);
  });

  it('runs a stopwatch over the hour', () => {
    expect([stopwatch(-1), stopwatch(65), stopwatch(3725)]).toEqual(['0:00', '1:05', '1:02:05']);
  });

  it('quotes for a shell what needs it', () => {
    expect(['alias:recommender@champion', "it's"].map(shellWord)).toEqual([
      'alias:recommender@champion',
      `'it'\\''s'`,
    ]);
  });

  it('wants colours on a terminal only, and none with NO_COLOR or a dumb one', () => {
    expect([
      wantsColor({}, true),
      wantsColor({}, false),
      wantsColor({ NO_COLOR: '1' }, true),
      wantsColor({ NO_COLOR: '' }, true),
      wantsColor({ TERM: 'dumb' }, true),
    ]).toEqual([true, false, false, true, false]);
  });
});

describe('the program', () => {
  it('lists every command in its help, first what somebody on call needs', async () => {
    const { exit, out } = await type(aDesk(aWorld()), '--help');

    const commands = [...out.matchAll(/^ {2}([a-z]+)[ \n]/gm)].map(([, name]) => name);
    expect(exit).toBe(0);
    expect(commands.slice(0, 4)).toEqual(['rollback', 'watch', 'cancel', 'plan']);
  });

  it('fits its help into 40 columns', async () => {
    const { out } = await type(aDesk(aWorld()), 'mode --help', { terminal: { columns: 40 } });

    const [, ...below] = out.split('\n');
    expect(Math.max(...below.map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  it('takes global options before and after the command', async () => {
    const desk = aDesk(aWorld());
    const asked: unknown[] = [];
    const open = async (_: unknown, name: unknown) => {
      asked.push(name);
      return desk;
    };

    await type(desk, '--env prod hold list', { open });
    await type(desk, 'hold list --env staging', { open });

    expect(asked).toEqual(['prod', 'staging']);
  });

  it('runs from its own file', () => {
    const bin = join(import.meta.dirname, '../../bin/reinstate.ts');

    expect(execFileSync(process.execPath, [bin, '--help'], { encoding: 'utf8' })).toContain(
      'Usage: reinstate',
    );
    expect(statSync(bin).mode & 0o111).toBe(0o111);
  });
});

describe('a text for a terminal that shows nothing but ASCII', () => {
  it.each([
    ['caf\u0065\u0301 au lait', 'cafe au lait'],
    ['\u1100\u1161\u11a8 \u65e5\u672c', '? ??'],
    ['a\u00a0b…', 'a b~'],
  ])('of %j is %j: never wider than the text itself, which was cut to fit', (text, shown) => {
    expect(asciiOnly(text)).toBe(shown);
    expect(asciiOnly(text).length).toBeLessThanOrEqual(widthOf(text));
  });
});
