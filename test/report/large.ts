import type { IncidentFacts } from '../../lib/core/build-report.ts';
import { aSignal } from './armed.ts';
import { aReceipt, aSeries, someFacts } from './fixtures.ts';

/** Five signals, ten steps in five rungs, all side notes filled. */
export function largeFacts(): IncidentFacts {
  const facts = someFacts();
  const template = facts.plan?.rungs[1]?.steps[0];
  if (!template || !facts.plan) throw new Error('the fixture has a plan of two rungs');
  const rungs = [1, 2, 3, 4, 5].map((rung) => ({
    steps: [1, 2].map((n) => ({
      ...template,
      id: `${rung}.${n}`,
      target: `alias:model-${rung}-${n}@champion`,
    })),
    settle: [1, 2].map((n) => ({ ...template, id: `${rung}.${n}.s1`, phase: 'settle' as const })),
  }));
  const receipts = rungs.flatMap(({ steps, settle }, i) =>
    [...steps, ...settle].map((step) =>
      aReceipt(step, [15 + i * 20, 17 + i * 20], { note: 'x'.repeat(200) }),
    ),
  );
  const datapoints = Array.from({ length: 180 }, (_, i) => ({ at: i, value: 250 + 100 * Math.sin(i) }));
  const series = [1, 2, 3, 4, 5].map((n) => ({
    ...aSeries(aSignal({ name: `signal-${n}` }), { is: '<', threshold: 200 }, () => 1),
    datapoints: datapoints.map(({ at, value }) => ({ at: facts.now - 1_800_000 + at * 10_000, value })),
  }));
  const signals = series.map((s) => ({
    ...{ signal: s.signal.name, well: s.well, needed: 30, verdict: 'recovered' as const },
    datapoints: s.datapoints.map((d) => ({ ...d, good: d.value < 200 })),
  }));
  const verdicts = rungs.flatMap((_, i) =>
    facts.verdicts.slice(1).map((v) => ({ ...v, rung: i + 1, signals })),
  );
  return { ...facts, plan: { ...facts.plan, rungs }, receipts, series, verdicts };
}
