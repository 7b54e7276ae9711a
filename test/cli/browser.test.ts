import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openInBrowser } from '../../lib/cli/browser.ts';
import { aFolder } from './desk.ts';

/** A machine on which the program that opens files writes down what it was given, and ends with this code. */
function aMachine(name: string, code: number, before = '') {
  const bin = aFolder();
  const program = join(bin, name);
  writeFileSync(program, `#!/bin/sh\n${before}\necho "$@" > '${bin}/seen'\nexit ${code}\n`);
  chmodSync(program, 0o755);
  const seen = () => (existsSync(join(bin, 'seen')) ? readFileSync(join(bin, 'seen'), 'utf8').trim() : '');
  return { PATH: bin, seen };
}

/** Also for a machine on which a shell takes seconds to begin. */
const PATIENT = 60_000;

describe('openInBrowser', () => {
  it.each([
    ['linux', 'xdg-open'],
    ['darwin', 'open'],
  ])('on %s gives the file to %s', async (platform, program) => {
    const { PATH, seen } = aMachine(program, 0);

    const machine = { platform, env: { PATH, DISPLAY: ':0' }, patienceMs: PATIENT };

    expect(await openInBrowser('/x/report of mine.html', machine)).toBe(true);
    expect(seen()).toBe('/x/report of mine.html');
  });

  it('says that there is none where the program fails', async () => {
    const { PATH } = aMachine('xdg-open', 3);

    const machine = { platform: 'linux', env: { PATH, DISPLAY: ':0' }, patienceMs: PATIENT };

    expect(await openInBrowser('/x.html', machine)).toBe(false);
  });

  it('waits no longer for a program that shows the file until somebody closes it', async () => {
    const { PATH } = aMachine('xdg-open', 3, '/bin/sleep 5');
    const machine = { platform: 'linux', env: { PATH, DISPLAY: ':0' }, patienceMs: 50 };

    expect(await openInBrowser('/x.html', machine)).toBe(true);
  });

  it('says that there is none where there is no such program', async () => {
    const env = { PATH: aFolder(), DISPLAY: ':0' };

    expect(await openInBrowser('/x.html', { platform: 'linux', env })).toBe(false);
  });

  it('starts none where there is no screen, as over SSH', async () => {
    const { PATH, seen } = aMachine('xdg-open', 0);

    expect(await openInBrowser('/x.html', { platform: 'linux', env: { PATH } })).toBe(false);
    expect(seen()).toBe('');
  });
});
