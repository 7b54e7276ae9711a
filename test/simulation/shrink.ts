/** Fewer faults that still fail: what is left is what matters. */
import fc from 'fast-check';
import type { Outcome } from '../../lib/simulation/run.ts';
import { runSeed } from './seeds.ts';

/** Runs of one shrinking at most: a run takes some 30 ms. */
const MOST_RUNS = 600;

/** @returns the faults without which the seed does not fail, as far as they were found. */
export async function shrink({ seed, happened, violations }: Outcome): Promise<readonly string[]> {
  const broken = new Set(violations.map(({ invariant }) => invariant));
  const indices = fc.array(fc.nat(Math.max(0, happened.length - 1)), { maxLength: happened.length });
  const chosen = (kept: readonly number[]) => happened.filter((_, i) => kept.includes(i));
  let runs = 0;
  const holds = async (kept: readonly number[]) => {
    if (++runs > MOST_RUNS) return true;
    const again = await runSeed(seed, new Set(chosen(kept)));
    return !again.violations.some(({ invariant }) => broken.has(invariant));
  };
  const checked = await fc.check(fc.asyncProperty(indices, holds), {
    examples: [[happened.map((_, i) => i)]],
    numRuns: 1,
    seed,
  });
  return checked.counterexample ? chosen(checked.counterexample[0]) : happened;
}
