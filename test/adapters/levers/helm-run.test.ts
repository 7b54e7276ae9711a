import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { BUDGET_MS, GRACE_MS, type HelmAccess, helmRunner } from '../../../lib/adapters/levers/helm/run.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A program in place of Helm. `$OUT` is a folder of ours that it may write to. */
function program(script: string) {
  const folder = mkdtempSync(join(tmpdir(), 'helm-test-'));
  made.push(folder);
  const path = join(folder, 'helm');
  writeFileSync(path, `#!/bin/sh\nOUT='${folder}'\n${script}\n`);
  chmodSync(path, 0o755);
  return { path, read: (name: string) => readFileSync(join(folder, name), 'utf8') };
}

const access: HelmAccess = { endpoint: 'https://127.0.0.1:6443', ca: 'Y2E=', token: 't0ken' };

describe('a run of Helm', () => {
  it('F38: gets each argument as it is: no shell reads them', async () => {
    const { path, read } = program('for a in "$@"; do printf "<%s>\\n" "$a" >> "$OUT"/args; done');
    const args = ['rollback', '--', 'web; rm -rf /', '$(id)', '`id`', "'", '*', ''];

    expect(await helmRunner({ path })(args, access)).toEqual({ code: 0, said: '' });

    expect(read('args').split('\n').slice(0, -1)).toEqual(args.map((arg) => `<${arg}>`));
  });

  it('has a folder of its own for all that Helm writes, a kubeconfig for its eyes only, and no other variable', async () => {
    const { path, read } = program(
      '/usr/bin/env > "$OUT"/env; /bin/cp "$KUBECONFIG" "$OUT"/config; /usr/bin/stat -c %a "$KUBECONFIG" "$HOME" > "$OUT"/modes',
    );

    await helmRunner({ path })([], access);

    const env = Object.fromEntries(
      read('env')
        .trim()
        .split('\n')
        .map((line) => line.split(/=(.*)/s)),
    );
    const home = String(env['HOME']);
    expect(env).toMatchObject({
      PATH: '',
      KUBECONFIG: join(home, 'kubeconfig'),
      HELM_CACHE_HOME: join(home, 'cache'),
      HELM_CONFIG_HOME: join(home, 'config'),
      HELM_DATA_HOME: join(home, 'data'),
    });
    expect(Object.keys(env).filter((name) => /AWS|NODE|PROXY/i.test(name))).toEqual([]);
    expect(dirname(home)).toBe(tmpdir());
    expect(read('modes').split('\n')).toEqual(['600', '700', '']);
    expect(JSON.parse(read('config'))).toMatchObject({
      clusters: [{ cluster: { server: access.endpoint, 'certificate-authority-data': access.ca } }],
      users: [{ user: { token: access.token } }],
    });
  });

  it('keeps no file of what the kinds of a cluster are: none can be stale, or written by somebody else', async () => {
    const { path, read } = program('/usr/bin/env > "$OUT"/env');

    await helmRunner({ path })([], access);

    expect(read('env').split('\n')).toContain('KUBECACHEDIR=/dev/null');
  });

  it('does not sweep memory that a short run gives back, up to less than half of what the function has', async () => {
    const { path, read } = program('/usr/bin/env > "$OUT"/env');

    await helmRunner({ path })([], access);

    expect(read('env').split('\n')).toEqual(expect.arrayContaining(['GOGC=off', 'GOMEMLIMIT=384MiB']));
  });

  it.each(['exit 0', 'exit 1', 'kill -9 $$'])('leaves no folder behind after "%s"', async (end) => {
    const { path, read } = program(`printf %s "$HOME" > "$OUT"/home; ${end}`);

    await helmRunner({ path })([], access);

    expect(existsSync(read('home'))).toBe(false);
  });

  it('tells the code it ended with and what it said to its standard error', async () => {
    const { path } = program('echo out; echo "Error: release: not found" >&2; exit 1');

    expect(await helmRunner({ path })([], access)).toEqual({ code: 1, said: 'Error: release: not found\n' });
  });

  it('I9: takes credentials out of what it said', async () => {
    const { path } = program('echo "Error: password=hunter2 Bearer eyJhbGciOiJIUzI1NiJ9.e30.x" >&2; exit 1');
    const { said } = await helmRunner({ path })([], access);

    expect(said).toMatch(/^Error: password=\[redacted\]/);
    expect(said).not.toMatch(/hunter2|eyJ/);
  });

  it('keeps the beginning of what is said without end', async () => {
    const { path } = program(
      'i=0; while [ $i -lt 3000 ]; do echo "0123456789012345678901234567890123456789" >&2; i=$((i+1)); done; exit 1',
    );
    const { said } = await helmRunner({ path })([], access);

    expect(said.length).toBe(16_384);
  });

  it('F36: has 20 s, and 3 s to end', () => {
    expect([BUDGET_MS, GRACE_MS]).toEqual([20_000, 3000]);
  });

  it('F36: is asked to end when its time is over', async () => {
    const { path, read } = program(`trap 'echo asked > "$OUT"/trap; exit 7' TERM; while :; do :; done`);

    // The shell must have come to its `trap` by then, also on a machine that is busy.
    expect(await helmRunner({ path, budgetMs: 2000, graceMs: 10_000 })([], access)).toMatchObject({
      code: 7,
    });
    expect(read('trap')).toBe('asked\n');
  });

  it('F36: is ended when it does not hear that', async () => {
    const { path } = program("trap '' TERM; while :; do :; done");

    expect(await helmRunner({ path, budgetMs: 50, graceMs: 50 })([], access)).toEqual({ said: '' });
  });

  it('F36: is ended also while it is stopped', async () => {
    const { path } = program('kill -STOP $$');

    expect(await helmRunner({ path, budgetMs: 50, graceMs: 50 })([], access)).toEqual({ said: '' });
  });

  it('is over when it ends, whoever still holds what it wrote to', async () => {
    const { path } = program("trap '' TERM; /bin/sleep 30 & while :; do :; done");

    expect(await helmRunner({ path, budgetMs: 50, graceMs: 50 })([], access)).toEqual({ said: '' });
  });

  it('throws where there is no such program', async () => {
    await expect(helmRunner({ path: '/nowhere/helm' })([], access)).rejects.toThrow(/ENOENT/);
  });
});
