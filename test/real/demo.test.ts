/** The README's first command, and whether its report tells the truth: everything is read back from the servers. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ClosingReport } from '../../lib/core/report.ts';
import { readEndpoints } from '../../local/endpoints.ts';
import { projectRoot } from '../../local/paths.ts';

let report: ClosingReport;
let printed: string;
const at = () => readEndpoints() as NonNullable<ReturnType<typeof readEndpoints>>;

beforeAll(async () => {
  const run = promisify(execFile)(process.execPath, ['local/demo.ts', '--keep'], {
    cwd: projectRoot,
    timeout: 1_200_000,
  });
  printed = (await run).stdout;
  report = JSON.parse(readFileSync(newestReport(), 'utf8')) as ClosingReport;
}, 1_250_000);

const newestReport = (): string => {
  const files = readdirSync(at().reports).filter((name) => name.endsWith('.json'));
  const byAge = files
    .map((name) => join(at().reports, name))
    .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
  return byAge.at(-1) ?? '';
};

/** The version an alias points at, or nothing: MLflow answers 400 for an alias that is not set. */
async function aliasVersion(alias: string): Promise<string | undefined> {
  const query = new URLSearchParams({ name: 'recommender', alias });
  const answer = await fetch(`${at().mlflow}/api/2.0/mlflow/registered-models/alias?${query}`);
  return ((await answer.json()) as { model_version?: { version: string } }).model_version?.version;
}

const receiptOf = (step: string) => report.receipts.find((receipt) => receipt.step === step);

describe('npm run demo', () => {
  it('ends recovered inside its goal of 5 minutes, and says where the report is', () => {
    expect(report.ending).toBe('recovered');
    expect(report.timeToRecoverSeconds).toBeLessThan(report.goalSeconds);
    expect(report.goalSeconds).toBe(300);
    expect(printed).toContain(`Report: ${join(at().reports, `${report.incident.id}.html`)}`);
    expect(existsSync(join(at().reports, `${report.incident.id}.html`))).toBe(true);
  });

  it('puts the flag off first, is not recovered, and only then moves the alias back', () => {
    expect(report.receipts.filter((r) => r.phase === 'apply').map((r) => [r.name, r.outcome])).toEqual([
      ['new-features', 'applied'],
      ['champion', 'applied'],
    ]);
    expect(report.verdicts.map((v) => [v.rung, v.verdict])).toEqual([
      [1, 'not-recovered'],
      [2, 'recovered'],
    ]);
  });

  it('tells what the servers say: flag, alias, the served version, and what users got', async () => {
    const served = (await (await fetch(`${at().model}/version`)).json()) as {
      version: string;
      flags: object;
    };
    const traffic = (await (await fetch(`${at().traffic}/?seconds=10`)).json()) as {
      byVersion: object;
      errorRatio: number;
    };

    const good = receiptOf('2.1')?.to;
    expect(receiptOf('1.1')?.after?.value).toBe('false');
    expect(await aliasVersion('champion')).toBe(good);
    expect(served).toMatchObject({ version: good, flags: { 'new-features': 'false' } });
    expect(Object.keys(traffic.byVersion)).toEqual([good]);
    expect(traffic.errorRatio).toBe(0);
  });

  it('settles: rolled_back names the bad version, and previous_champion never equals champion', async () => {
    expect(await aliasVersion('rolled_back')).toBe(receiptOf('2.1')?.before?.value);
    expect(await aliasVersion('previous_champion')).not.toBe(await aliasVersion('champion'));
  });

  it('holds promotion, quarantines what was removed, and sets a date for the root cause analysis (M15)', () => {
    expect(report.hold).toBeDefined();
    expect(new Set(report.quarantined.map(({ target, value }) => `${target} ${value}`))).toEqual(
      new Set([
        'flag:/shop/recommender/new-features true',
        `alias:recommender@champion ${receiptOf('2.1')?.before?.value}`,
      ]),
    );
    expect(report.rcaDueAt).toBeGreaterThan(report.incident.endedAt ?? Number.POSITIVE_INFINITY);
  });
});
