import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { FUNCTION_ENV } from '../../lib/core/function-env.ts';
import type { Pair } from './naive.ts';
import type { Row } from './table.ts';

const run = promisify(execFile);

/** Runs of each side, in turn, after one that is not counted; the median of them is quoted. */
const RUNS = 9;

/** What Lambda's init does: load the module in a fresh process. Ours reads its environment there, so it gets one. */
export async function initRows(pairs: readonly Pair[]): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { name, ours, naive } of pairs) {
    const mine: number[] = [];
    const theirs: number[] = [];
    for (let i = 0; i <= RUNS; i++) {
      const [a, b] = [await init(ours), await init(naive)];
      if (i > 0) {
        mine.push(a);
        theirs.push(b);
      }
    }
    rows.push(rowOf(name, median(mine), median(theirs)));
  }
  return rows;
}

const rowOf = (name: string, mine: number, theirs: number): Row => ({
  name: `${name}: init`,
  ours: `${mine.toFixed(0)} ms`,
  opponent: `${theirs.toFixed(0)} ms naive`,
  value: mine / theirs,
  atMost: 0.6,
});

async function init(file: string): Promise<number> {
  const script = `const t=performance.now();await import(${JSON.stringify(pathToFileURL(file).href)});console.log(performance.now()-t)`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, ...VARIABLES } });
  return Number(stdout.trim().split('\n').at(-1));
}

/** Values that need to be well-formed only. */
const VARIABLES: Record<string, string> = {
  ...Object.fromEntries(Object.values(FUNCTION_ENV).flatMap((names) => names.map((name) => [name, 'bench']))),
  ALARMS: '{}',
  STATE_MACHINE_ARN: 'arn:aws:states:us-east-1:000000000000:stateMachine:reinstate-bench-incident',
  PAGES_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:bench',
  POWERTOOLS_LOG_LEVEL: 'INFO',
  AWS_REGION: 'us-east-1',
};

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
