/** `npm run simulate -- --seeds N --from K`: seeds K to K+N-1, on all cores; the last line says how many failed. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Outcome } from '../../lib/simulation/run.ts';
import { runSeed } from './seeds.ts';
import { shrink } from './shrink.ts';

const USAGE = 'npm run simulate -- --seeds <how many> --from <first seed> [--brief | --trace]';
/** Failures that are shrunk and printed; the others are counted. */
const MOST_TOLD = 5;

interface Shard {
  readonly from: number;
  readonly to: number;
  /** Every so many seeds is this thread's. */
  readonly every: number;
}

/** What a thread found out about one seed. */
type Found = Pick<Outcome, 'seed' | 'violations'> & { readonly endings: readonly string[] };

async function work({ from, to, every }: Shard): Promise<void> {
  for (let seed = from; seed < to; seed += every) {
    const { violations, endings } = await runSeed(seed);
    const found: Found = { seed, violations, endings: endings.map(({ ending }) => ending) };
    parentPort?.postMessage(found);
  }
}

interface Asked {
  readonly seeds: string;
  readonly from: string;
  readonly brief: boolean;
  readonly trace: boolean;
}

/** What was asked for, or what is wrong with it. */
function asked(): Asked | string {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ options: { seeds: text('200'), from: text('1'), brief: flag, trace: flag } }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function main(): Promise<number> {
  const values = asked();
  if (typeof values === 'string') {
    complain(`${values}. ${USAGE}`);
    return 2;
  }
  const [seeds, from] = [whole(values.seeds), whole(values.from)];
  if (seeds === undefined || from === undefined || seeds === 0) {
    complain(`Cannot simulate ${values.seeds} seeds from ${values.from}: expected whole numbers. ${USAGE}`);
    return 2;
  }
  if (values.trace && seeds > 1) {
    complain(`Cannot trace ${seeds} seeds: expected --seeds 1. ${USAGE}`);
    return 2;
  }
  if (values.trace) return printTrace(from);
  const started = performance.now();
  const found = await inThreads(from, from + seeds);
  const broken = found.filter(({ violations }) => violations.length > 0);
  for (const { seed } of broken.slice(0, MOST_TOLD)) await tellOf(seed, values.brief);
  say(endingsOf(found));
  say(`${((performance.now() - started) / 1000).toFixed(1)} s`);
  say(`${found.length} seeds, ${broken.length} violations`);
  return broken.length > 0 ? 1 : 0;
}

function whole(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

async function printTrace(seed: number): Promise<number> {
  const { trace, violations } = await runSeed(seed);
  say(trace.join('\n'));
  return violations.length > 0 ? 1 : 0;
}

async function inThreads(from: number, to: number): Promise<Found[]> {
  const every = availableParallelism();
  const shards = Array.from({ length: every }, (_, n) => inThread({ from: from + n, to, every }));
  return (await Promise.all(shards)).flat().sort((a, b) => a.seed - b.seed);
}

function inThread(shard: Shard): Promise<Found[]> {
  const found: Found[] = [];
  return new Promise((resolve, reject) => {
    new Worker(new URL(import.meta.url), { workerData: shard })
      .on('message', (one: Found) => found.push(one))
      .on('error', reject)
      .on('exit', (code) => (code === 0 ? resolve(found) : reject(new Error(`a thread ended with ${code}`))));
  });
}

/** Says what failed, with what is needed to see it again; in brief without looking for fewer faults. */
async function tellOf(seed: number, brief: boolean): Promise<void> {
  const outcome = await runSeed(seed);
  say(`SEED=${seed}`);
  for (const { invariant, what, at } of outcome.violations.slice(0, 3))
    say(`  ${invariant} at ${at.toFixed(1)} s: ${what}`);
  if (brief) return;
  const faults = await shrink(outcome);
  say(`  happens with ${faults.length} of ${outcome.happened.length} faults:`);
  for (const fault of faults) say(`    ${fault}`);
  say(`  again: npm run simulate -- --seeds 1 --from ${seed} --trace`);
}

function endingsOf(found: readonly Found[]): string {
  const endings = new Map<string, number>();
  for (const ending of found.flatMap((f) => f.endings)) endings.set(ending, (endings.get(ending) ?? 0) + 1);
  const parts = [...endings].sort(([a], [b]) => a.localeCompare(b)).map(([ending, n]) => `${n} ${ending}`);
  return `incidents: ${parts.join(', ')}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

if (isMainThread) process.exitCode = await main();
else await work(workerData as Shard);
