import { buildReport } from '../../lib/core/build-report.ts';
import type { ClosingReport } from '../../lib/core/report.ts';
import type { PlannedStep } from '../../lib/core/step.ts';
import type { ServedReading } from '../../lib/core/traffic.ts';
import type { Workload } from '../../lib/core/workload.ts';
import { aRollout } from '../service-builders.ts';
import { aReceipt, someFacts } from './fixtures.ts';

export const GOOD = '7c9d8b5f4d';
export const BAD = '5d4f8b7c9d';

const lever = aRollout();

/** A canary with this many percent. */
export const workload = (bad: number): Workload => ({
  sets: [
    { hash: BAD, revision: '12', role: 'canary', ready: bad > 0 ? 1 : 0, pods: bad > 0 ? 1 : 0, image: 'v5' },
    { hash: GOOD, revision: '11', role: 'stable', ready: 4, pods: 4, image: '9f8e7d6c5b4a' },
  ],
  more: 4,
  weights: { [GOOD]: 100 - bad, [BAD]: bad },
});

const step: PlannedStep = {
  id: '1.1',
  phase: 'apply',
  lever,
  target: 'rollout:shop/ml/model-svc',
  from: { value: BAD },
  to: { value: GOOD },
  manual: `kubectl argo rollouts abort model-svc -n ml`,
};

/** An incident whose only rung takes a canary of 10 % back. */
export function aCanaryReport(reading: Partial<ServedReading> = {}): ClosingReport {
  const facts = someFacts();
  const [, verdict] = facts.verdicts;
  if (!verdict || !facts.plan) throw new Error('the fixture has a plan and two verdicts');
  const served: ServedReading = {
    target: step.target,
    expected: GOOD,
    values: [GOOD],
    good: true,
    shares: { windowSeconds: 30, requests: { [GOOD]: 1490, [BAD]: 0 } },
    workload: workload(0),
    ...reading,
  };
  const held = {
    before: { value: BAD, workload: workload(10) },
    after: { value: GOOD, workload: workload(0) },
  };
  return buildReport({
    ...facts,
    plan: { ...facts.plan, rungs: [{ steps: [step], settle: [] }], differences: [] },
    receipts: [aReceipt(step, [66, 66.4], held)],
    verdicts: [{ ...verdict, rung: 1, served: [served] }],
  });
}
