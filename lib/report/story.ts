import type { ClosingReport } from '../core/report.ts';
import { type Receipt, say } from '../core/step.ts';

/** A value longer than this is told further down, where it has room. */
const SHORT = 40;

/** What each rung pulled and what came of it, a sentence each; empty where none was begun. */
export function story({ receipts, verdicts }: Pick<ClosingReport, 'receipts' | 'verdicts'>): string[] {
  const pulled = receipts.filter(({ phase }) => phase === 'apply');
  const rungs = [...new Set(pulled.map(({ rung }) => rung))].sort((a, b) => a - b);
  return rungs.map((rung) => {
    const steps = pulled.filter((receipt) => receipt.rung === rung).map(stepText);
    const verdict = verdicts.findLast((v) => v.rung === rung)?.verdict.replace('-', ' ') ?? 'not judged';
    return `Rung ${rung}: ${steps.join(', ')}: ${verdict}`;
  });
}

function stepText({ name, before, to, outcome }: Receipt): string {
  if (outcome !== 'applied')
    return `${name} (${outcome === 'already' ? 'stood right' : outcome.replace('-', ' ')})`;
  const values = [...(before ? [['from', say(before.value)]] : []), ['to', say(to)]];
  if (values.some(([, value = '']) => value.length > SHORT)) return name;
  return [name, ...values.flat()].join(' ');
}
