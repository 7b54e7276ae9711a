/**
 * Measures each function's bundle against a naive one of the same source: bytes, and time to initialise.
 * Naive is what one gets without care: CommonJS entry points, the whole of zod, nothing minified.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { FUNCTION_ENV, FUNCTION_NAMES, type FunctionName } from '../../lib/core/function-env.ts';
import { median } from '../../lib/core/ranks.ts';
import { bundle } from '../../lib/infra/bundles.ts';
import type { Row } from './table.ts';

interface Measured {
  readonly name: FunctionName;
  readonly bytes: number;
  readonly naiveBytes: number;
  readonly initMs: number;
  readonly naiveInitMs: number;
}

/** No function may have more than this share of its naive bundle, in bytes or in time. */
const LARGEST_SHARE = 0.6;

const root = join(import.meta.dirname, '../..');
const RUNS = 7;

/** Two rows for each function: bytes and initialisation, both measured in this run. */
export const bundleRows = (): Row[] =>
  measureBundles().flatMap(({ name, bytes, naiveBytes, initMs, naiveInitMs }) => [
    against(`${name}: bytes gz`, [bytes / 1000, naiveBytes / 1000], 'kB'),
    against(`${name}: init`, [initMs, naiveInitMs], 'ms'),
  ]);

const against = (name: string, [ours, naive]: [number, number], unit: string): Row => ({
  name,
  ours: `${ours.toFixed(0)} ${unit}`,
  opponent: `${naive.toFixed(0)} ${unit} naive bundle`,
  value: ours / naive,
  atMost: LARGEST_SHARE,
});

function measureBundles(): Measured[] {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const out = mkdtempSync(join(root, 'dist/bench-'));
  try {
    bundle({ root, out: relative(root, join(out, 'ours')) });
    return FUNCTION_NAMES.map((name) => row(name, out));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function row(name: FunctionName, out: string): Measured {
  const ours = join(out, 'ours', name, 'index.js');
  const naive = join(out, 'naive', name, 'index.cjs');
  bundleNaively(name, naive);
  const [initMs = 0, naiveInitMs = 0] = initTimes(name, [ours, naive]);
  return { name, bytes: zipped(ours), naiveBytes: zipped(naive), initMs, naiveInitMs };
}

function bundleNaively(name: FunctionName, outfile: string): void {
  buildSync({
    absWorkingDir: root,
    entryPoints: [`lambdas/${name}.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    alias: { 'zod/mini': join(root, 'node_modules/zod/index.cjs') },
  });
}

/** The median of fresh processes, taken in turns so that a busy moment hits both. */
function initTimes(name: FunctionName, files: readonly string[]): number[] {
  const times = files.map((): number[] => []);
  for (let run = 0; run < RUNS; run++) {
    for (const [i, file] of files.entries()) times[i]?.push(initTime(name, file));
  }
  return times.map(median);
}

/** What a function parses when it starts. */
const JSON_VARIABLES: Readonly<Record<string, string>> = { ALARMS: '{}', PAGED: '[]' };

function initTime(name: FunctionName, file: string): number {
  const script = `const t = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - t)`;
  const variables = Object.fromEntries(FUNCTION_ENV[name].map((key) => [key, JSON_VARIABLES[key] ?? 'x']));
  const env = { ...process.env, ...variables, POWERTOOLS_LOG_LEVEL: 'INFO', AWS_REGION: 'eu-west-1' };
  const args = ['--input-type=module', '--eval', script];
  return Number(execFileSync(process.execPath, args, { env, encoding: 'utf8' }).trim().split('\n').at(-1));
}

const zipped = (file: string): number => gzipSync(readFileSync(file)).length;
