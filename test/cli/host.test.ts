/** The process around a command: signals, pipes that are closed, locales. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { showsUnicode } from '../../lib/cli/host.ts';

const HOST = new URL('../../lib/cli/host.ts', import.meta.url).href;

/** A process of its own that runs this with a host. */
function processOf(body: string): ChildProcess {
  const code = `import { nodeHost } from '${HOST}'; const host = nodeHost(); ${body}`;
  return spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', code]);
}

const collected = async (stream: NodeJS.ReadableStream | null): Promise<string> => {
  let text = '';
  for await (const chunk of stream ?? []) text += String(chunk);
  return text;
};

const LISTENS =
  'host.onInterrupt((s) => host.terminal.out(s)); setInterval(() => 0, 1e6); host.terminal.err("ready");';

describe('the host', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'tells of %s instead of ending, and ends at once at the second one',
    async (signal) => {
      const child = processOf(LISTENS);
      await once(child.stderr ?? child, 'data');
      child.kill(signal);
      const [told] = await once(child.stdout ?? child, 'data');
      child.kill(signal);
      const [, ended] = await once(child, 'exit');

      expect([String(told), ended]).toEqual([signal, signal]);
    },
  );

  it('gives signals their meaning back when nobody listens any more', async () => {
    const child = processOf(
      `host.onInterrupt(() => 0)(); setInterval(() => 0, 1e6); host.terminal.err('ready');`,
    );
    await once(child.stderr ?? child, 'data');
    child.kill('SIGINT');

    expect((await once(child, 'exit'))[1]).toBe('SIGINT');
  });

  it('ends without a word when nobody reads its output any more', async () => {
    const child = processOf(`setInterval(() => host.terminal.out('line\\n'), 1);`);
    const errors = collected(child.stderr);
    await once(child.stdout ?? child, 'data');
    child.stdout?.destroy();

    expect([(await once(child, 'exit'))[0], await errors]).toEqual([0, '']);
  });
});

describe('showsUnicode()', () => {
  it.each([
    [{}, true],
    [{ LANG: 'en_GB.UTF-8' }, true],
    [{ LANG: 'de_DE.utf8' }, true],
    [{ LANG: 'de_DE.ISO-8859-1' }, false],
    [{ LANG: 'en_GB.UTF-8', LC_ALL: 'C' }, false],
    [{ LANG: 'C', LC_CTYPE: 'C.UTF-8' }, true],
    [{ LANG: 'en_GB.UTF-8', TERM: 'linux' }, false],
  ])('%j: %s', (env, shows) => {
    expect(showsUnicode(env)).toBe(shows);
  });
});
