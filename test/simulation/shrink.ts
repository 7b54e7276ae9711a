/** Fewer faults that still fail: what is left is what matters. */
import fc from 'fast-check';
import type { Outcome } from '../../lib/simulation/run.ts';
import { runSeed } from './seeds.ts';

/** Runs of one shrinking at most, and how long it may take: a run takes some 30 ms, one of a storm 3 s. */
const MOST_RUNS = 600;
const MOST_MS = 60_000;

/** @returns the faults without which the seed does not fail, as far as they were found. */
export async function shrink({ seed, happened, violations }: Outcome): Promise<readonly string[]> {
  const broken = new Set(violations.map(({ invariant }) => invariant));
  const until = performance.now() + MOST_MS;
  const fails = async (faults: readonly string[]) => {
    if (performance.now() > until) return false;
    const again = await runSeed(seed, new Set(faults));
    return again.violations.some(({ invariant }) => broken.has(invariant));
  };
  const fewer = await withoutKinds([...new Set(happened)], fails);
  return oneByOne(fewer, { seed, fails });
}

type Fails = (faults: readonly string[]) => Promise<boolean>;

/** Whole kinds first: a missing datapoint, a crash, all that befell one function. */
async function withoutKinds(faults: readonly string[], fails: Fails): Promise<readonly string[]> {
  const kinds = [(fault: string) => fault.split(' ').at(-1), (fault: string) => fault.split(/[@# ]/)[0]];
  let left = faults;
  for (const kindOf of kinds) {
    for (const kind of new Set(left.map(kindOf))) {
      const fewer = left.filter((fault) => kindOf(fault) !== kind);
      if (fewer.length < left.length && (await fails(fewer))) left = fewer;
    }
  }
  return left;
}

async function oneByOne(
  faults: readonly string[],
  { seed, fails }: { readonly seed: number; readonly fails: Fails },
): Promise<readonly string[]> {
  if (faults.length === 0) return faults;
  const indices = fc.array(fc.nat(faults.length - 1), { maxLength: faults.length });
  const chosen = (kept: readonly number[]) => faults.filter((_, i) => kept.includes(i));
  let runs = 0;
  const holds = async (kept: readonly number[]) => ++runs > MOST_RUNS || !(await fails(chosen(kept)));
  const all = faults.map((_, i) => i);
  const checked = await fc.check(fc.asyncProperty(indices, holds), { examples: [[all]], numRuns: 1, seed });
  return checked.counterexample ? chosen(checked.counterexample[0]) : faults;
}
