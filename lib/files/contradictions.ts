import { conditionWords } from '../core/condition.ts';
import type { Condition } from '../core/service.ts';
import type { Refuse } from './findings.ts';
import { wrong } from './problem.ts';

/** A signal that is verified must not pass while it breaches: a bad release would be called recovered. */
export function refuseContradictions(
  { when, verify }: { readonly when: readonly Condition[]; readonly verify: readonly Condition[] },
  refuse: Refuse,
): void {
  for (const breach of when) {
    const index = verify.findIndex((v) => v.signal === breach.signal);
    const passes = index >= 0 && !verify.some((v) => v.signal === breach.signal && rulesOut(v, breach));
    if (!passes) continue;
    const what = `${breach.signal} passes here while it breaches "when"`;
    refuse(
      ['policy', 'verify', index, 'threshold'],
      wrong(what, `what rules that out: "${healthy(breach)}"`),
    );
  }
}

/** A share of the baseline and a number are not compared: the reference is not known yet. */
function rulesOut(verified: Condition, breach: Condition): boolean {
  if (isUpward(verified) === isUpward(breach)) return false;
  const [good, bad] = [size(verified, breach), size(breach, verified)];
  if (good === undefined || bad === undefined) return true;
  const both = verified.is.endsWith('=') && breach.is.endsWith('=');
  return good === bad ? !both : isUpward(breach) === good < bad;
}

const isUpward = ({ is }: Condition): boolean => is.startsWith('>');

const size = (one: Condition, other: Condition): number | undefined =>
  one.relative && other.relative ? one.relative.percent : one.relative ? undefined : one.threshold;

const healthy = (breach: Condition): string =>
  conditionWords({ ...breach, is: isUpward(breach) ? '<' : '>' });
