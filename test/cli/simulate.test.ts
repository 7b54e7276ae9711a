import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { readSubject } from '../../lib/cli/simulation-subject.ts';
import type { Case } from '../../lib/cli/simulation-summary.ts';
import { simulate } from '../../lib/simulation/run.ts';
import { ENVIRONMENT, SERVICE, service } from '../files/texts.ts';
import { aDesk, aFolder, aWorld, type } from './desk.ts';

/** A simulation owns the timers of its thread: none may be left behind, half done, when a test gives up. */
jest.setTimeout(300_000);

/** The environments of this repository: `recommender` is in three, `fraud-scorer` in `local` alone. */
const EXAMPLES = join(import.meta.dirname, '../..');

function folderWith(texts: Readonly<Record<string, string>>): string {
  const cwd = aFolder();
  const folder = join(cwd, 'environments', 'prod');
  mkdirSync(join(folder, 'services'), { recursive: true });
  writeFileSync(join(folder, 'environment.yaml'), ENVIRONMENT);
  for (const [name, text] of Object.entries(texts))
    writeFileSync(join(folder, 'services', `${name}.yaml`), text);
  return cwd;
}

/** Whoever opens a deployment has left the machine. */
const run = (words: string, cwd = EXAMPLES, env: Record<string, string> = {}) =>
  type(aDesk(aWorld()), `simulate ${words}`, {
    cwd,
    env,
    open: () => Promise.reject(new Error('a simulation opens no deployment')),
  });

describe('reinstate simulate', () => {
  it('prints what it did, times against the goal, endings, worst seeds and violations', async () => {
    const { exit, out } = await run('recommender --seeds 4');

    const lines = out.split('\n');
    expect(exit).toBe(0);
    expect(lines[0]).toBe(
      '4 seeded incidents of recommender in local, offline: in-process twins, virtual time; nothing was touched',
    );
    expect(lines[1]).toBe('time to recover, against a goal of 5:00');
    expect(out).toMatch(
      /^ {2}without any other trouble: p50 1:\d\d, p95 1:\d\d; 4 of 4 incidents recovered/m,
    );
    expect(out).toMatch(/^ {2}[a-z]+ +\d+ +[\d.]+ %/m);
    expect(out).toContain('past the deadline without a page: 0\n');
    expect(out).toContain('look at one: npx reinstate simulate recommender --seeds 1 --from ');
    expect(lines.at(-2)).toBe('violations: none');
  });

  it.each(['local', 'prod', 'staging'])('prints a next step that works as it is typed: %s', async (env) => {
    const { out } = await run(`recommender --seeds 2 --env ${env}`);
    const [words = ''] = /(?<=^look at one: npx reinstate simulate ).*$/m.exec(out) ?? [];

    const typed = await run(words);

    expect(words).toMatch(new RegExp(`^recommender --seeds 1 --from [12] --trace --env ${env}$`));
    expect([typed.exit, typed.err]).toEqual([0, '']);
    expect(typed.out.split('\n').length).toBeGreaterThan(100);
  });

  it('says as JSON how the same seeds go with nothing but a bad release: a sound policy recovers', async () => {
    const { exit, json } = await run('recommender --seeds 3 --from 2 -o json');

    expect(exit).toBe(0);
    expect(json).toMatchObject({
      service: 'recommender',
      environment: 'local',
      seeds: 3,
      from: 2,
      goalSeconds: 300,
      calm: { seeds: 3, incidents: 3, times: { recovered: 3, pastGoal: 0 } },
      unheard: 0,
      broken: [],
    });
  });

  it('shows a policy that leaves bad releases to people', async () => {
    const unarmed = service(['pre-approved: [flag, champion]', 'pre-approved: [flag]']);

    const { out } = await run('shop --seeds 8', folderWith({ shop: unarmed }));

    expect(out).toMatch(
      /without any other trouble: .*\n(.*\n)? {4}\d refused, mostly because no lever of the policy may be pulled/,
    );
  });

  it('counts incidents of that service in those seeds only: its neighbours are bystanders', async () => {
    const { json } = await run('fraud-scorer --seeds 5 --from 301 -o json');

    const { slowest, leftToPeople } = json as Record<'slowest' | 'leftToPeople', Case[]>;
    const cases = [...slowest, ...leftToPeople];
    expect(cases.length).toBeGreaterThan(2);
    expect(cases.filter(({ incident }) => !incident.startsWith('fraud-scorer-'))).toEqual([]);
    expect(cases.filter(({ seed }) => seed < 301 || seed > 305)).toEqual([]);
  });

  it('F58: begins where it is told to, and says the same each time', async () => {
    const [once, again, others] = [
      await run('recommender --seeds 2 --from 40'),
      await run('recommender --seeds 2 --from 40'),
      await run('recommender --seeds 2 --from 50'),
    ];

    expect(again.out).toBe(once.out);
    expect(others.out).not.toBe(once.out);
  });
});

describe('reinstate simulate --trace', () => {
  it('prints all that happens in one seed, and how it ended', async () => {
    const { exit, out } = await run('recommender --seeds 1 --from 2 --trace');

    const read = readSubject({ environment: 'local', host: { cwd: EXAMPLES, env: {} } }, 'recommender');
    if (!read.ok) throw new Error('the examples are wrong');
    const { trace } = await simulate({ seed: 2, services: read.value.services, mode: 'act' });
    const lines = out.trimEnd().split('\n');
    expect(exit).toBe(0);
    expect(lines.slice(0, trace.length)).toEqual(trace);
    const endings = lines.slice(trace.length);
    expect(endings.length).toBeGreaterThan(0);
    for (const line of endings) expect(line).toMatch(/^recommender-\S+ ended: [a-z]+( in \d:\d\d)?$/);
  });

  it('wants one seed', async () => {
    const { exit, err } = await run('recommender --trace');

    expect([exit, err]).toEqual([
      2,
      'Cannot trace 200 seeds at once; expected --seeds 1 with --trace, and --from <seed>\n',
    ]);
  });
});

describe('reinstate simulate, given what it cannot use', () => {
  it.each(['0', '1000001', '1.5', '-3', 'many', '1e3'])('refuses %s seeds', async (seeds) => {
    const { exit, err } = await run(`recommender --seeds ${seeds}`);

    expect([exit, err]).toEqual([
      2,
      `Cannot use --seeds "${seeds}": expected a whole number from 1 to 1000000\n`,
    ]);
  });

  it('refuses a first seed that is no number', async () => {
    const { exit, err } = await run('recommender --from first');

    expect([exit, err]).toEqual([2, expect.stringContaining('Cannot use --from "first"')]);
  });

  it('names the service that was meant, perhaps', async () => {
    const { exit, err } = await run('recomender');

    expect([exit, err]).toEqual([2, expect.stringContaining('did you mean "recommender"?')]);
  });

  it('names the environment that was meant, perhaps', async () => {
    const { exit, err } = await run('recommender --env prodd');

    expect([exit, err]).toEqual([2, expect.stringContaining('did you mean "prod"?')]);
  });

  it('tells everything that is wrong in a file with line and column, as validate does', async () => {
    const cwd = folderWith({ shop: service(['p95', 'p95x'], ['flag off', 'flg off']) });

    const { exit, out } = await run('shop', cwd);

    expect(exit).toBe(2);
    expect(out).toBe((await type(aDesk(aWorld()), 'validate', { cwd })).out);
    expect(out).toMatch(/services\/shop\.yaml:2:\d+: Cannot read "p95x"/);
  });
});

describe('reinstate simulate, the environment', () => {
  const first = async (words: string, cwd: string, env = {}) =>
    (await run(`${words} --seeds 1`, cwd, env)).out.split(',')[0];

  it('is the one that is named, else REINSTATE_ENV, else local, which need not run', async () => {
    expect(await first('recommender --env prod', EXAMPLES, { REINSTATE_ENV: 'staging' })).toMatch(/in prod$/);
    expect(await first('recommender', EXAMPLES, { REINSTATE_ENV: 'staging' })).toMatch(/in staging$/);
    expect(await first('recommender', EXAMPLES)).toMatch(/in local$/);
  });

  it('is the only one there is', async () => {
    expect(await first('shop', folderWith({ shop: SERVICE }))).toMatch(/in prod$/);
  });

  it('has to be named where nothing says which', async () => {
    const cwd = aFolder();
    for (const name of ['prod', 'staging'])
      cpSync(join(EXAMPLES, 'environments', name), join(cwd, 'environments', name), { recursive: true });

    const { exit, err } = await run('recommender', cwd);

    expect([exit, err]).toEqual([2, 'Cannot choose an environment; name one with --env: prod, staging\n']);
  });
});

describe('the other commands', () => {
  it('load no interpreter of state machines: it is imported where it is needed', () => {
    const text = readFileSync(join(EXAMPLES, 'lib/cli/simulate.ts'), 'utf8');
    const eager = [...text.matchAll(/^import (?!type\b).*'\.\.\/simulation\/.*$/gm)].map(([line]) => line);

    expect(eager).toEqual([]);
    expect(text).toContain("await import('../simulation/run.ts')");
  });
});
