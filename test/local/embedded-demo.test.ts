import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ClosingReport } from '../../lib/core/report.ts';

const ROOT = join(import.meta.dirname, '../..');
const EMBEDDED = 'embedded: in-process twins, virtual time; for real parts: npm run demo';
const state = mkdtempSync(join(tmpdir(), 'reinstate-demo-'));

interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** Where no other program can be found: no Python, for one. */
const demo = (...options: string[]): Promise<Ran> => execute('local/demo.ts', ...options);

async function execute(...words: string[]): Promise<Ran> {
  const env = { PATH: '', REINSTATE_STATE: state };
  try {
    const run = promisify(execFile)(process.execPath, words, { cwd: ROOT, env });
    const { stdout, stderr } = await run;
    return { exit: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exit: code, out: stdout, err: stderr };
  }
}

describe('npm run demo -- --embedded', () => {
  let ran: Ran;
  let page: string;
  let report: ClosingReport;

  beforeAll(async () => {
    ran = await demo('--embedded');
    page = /^Report: (.*)$/m.exec(ran.out)?.[1] ?? '';
    report = JSON.parse(readFileSync(page.replace(/html$/, 'json'), 'utf8')) as ClosingReport;
  });

  it('says first and last that it runs on no real parts, and ends well', () => {
    const lines = ran.out.trimEnd().split('\n');

    expect([ran.exit, ran.err]).toEqual([0, '']);
    expect(lines[0]).toBe(EMBEDDED);
    expect(lines.slice(-2)).toContain(EMBEDDED);
  });

  it('whoever types a command of it is told that nothing of it is left, and what to type', async () => {
    const [words = ''] = /(?<=npx reinstate )report .*$/m.exec(ran.out) ?? [];

    const typed = await execute('bin/reinstate.ts', ...words.split(' '));

    expect(words).toMatch(/ --env embedded$/);
    expect(typed).toMatchObject({ exit: 2, out: '', err: expect.stringMatching(/ npm run local -- up\n$/) });
  });

  it('tells the story: flag off, not recovered, alias back, recovered', () => {
    const told = [
      '== A healthy release serves',
      'recorded recommender-b',
      '== A bad release ships',
      'version 4 serves with the new feature on',
      '== An alarm opened recommender-',
      'promotion is on hold',
      'rung 1: new-features "true" -> "false": applied',
      'verified: not-recovered: error-ratio',
      'rung 2: champion "4" -> "3": applied',
      'verified: recovered',
      'ended: recovered in 1:',
    ];

    const places = told.map((words) => ran.out.indexOf(words));

    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('leaves a report of it, apart from those of real parts, that names no real environment', () => {
    expect(page).toBe(join(state, 'reports', `${report.incident.id}.html`));
    expect(readFileSync(page, 'utf8')).toContain('Closing report · embedded');
    expect(report.ending).toBe('recovered');
    expect(report.incident.environment).toBe('embedded');
    expect(report.timeToRecoverSeconds).toBeLessThan(report.goalSeconds);
    expect(report.verdicts.map(({ verdict }) => verdict)).toEqual(['not-recovered', 'recovered']);
  });

  it('has errors stop with the flag and AUC come back with the alias, as the real release does', () => {
    const [afterFlag] = report.verdicts;
    const well = (signal: string) =>
      afterFlag?.signals.find((judged) => judged.signal === signal)?.datapoints.every(({ good }) => good);

    expect(well('error-ratio')).toBe(true);
    expect(well('auc')).toBe(false);
  });
});

describe('npm run demo', () => {
  it.each(['--embeded', '--embedded --keep', '--keep now'])(
    'refuses %s, and starts nothing',
    async (options) => {
      const { exit, out, err } = await demo(...options.split(' '));

      expect([exit, out]).toEqual([2, '']);
      expect(err).toContain('usage: npm run demo [-- [canary | ladder | gitops] [--keep] | --embedded]');
    },
    60_000,
  );
});
