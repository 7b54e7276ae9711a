import { describe, expect, it } from '@jest/globals';
import type { IncidentView } from '../../lib/cli/incident-view.ts';
import { changes, plainLine, treeOf } from '../../lib/cli/tree.ts';
import { draw } from '../../lib/cli/tree-draw.ts';
import { targetOf } from '../../lib/core/service.ts';
import type { PlannedStep } from '../../lib/core/step.ts';
import type { ServedReading } from '../../lib/core/traffic.ts';
import type { Workload } from '../../lib/core/workload.ts';
import { aDeployment, anIncident, aPlan, aReceipt, aRollout, aStep, at, aVerdict } from '../builders.ts';
import { anArmedService } from '../service-builders.ts';

const GOOD = '7c9d8b5f4d';
const BAD = '5d4f8b7c9d';
const rollout = aRollout();
const step = (over: Partial<PlannedStep> = {}): PlannedStep => ({
  ...aStep('1.1'),
  lever: rollout,
  target: targetOf(rollout),
  from: { value: BAD },
  to: { value: GOOD },
  ...over,
});
const shares = { windowSeconds: 30, requests: { [GOOD]: 990, [BAD]: 10 } };

const workload = (bad: number): Workload => ({
  sets: [
    { hash: BAD, revision: '2', role: 'canary', ready: bad > 0 ? 1 : 0, pods: bad > 0 ? 1 : 0, image: 'v5' },
    { hash: GOOD, revision: '1', role: 'stable', ready: 4, pods: 4, image: '9f8e7d6c5b4a' },
  ],
  weights: { [GOOD]: 100 - bad, [BAD]: bad },
});

const reading = (over: Partial<ServedReading> = {}): ServedReading => ({
  target: targetOf(rollout),
  expected: GOOD,
  values: [GOOD],
  good: true,
  shares,
  workload: workload(0),
  ...over,
});

const applied = aReceipt(step(), { after: { value: GOOD, workload: workload(0) } });
const aView = (over: Partial<IncidentView> = {}, planned = step()): IncidentView => ({
  incident: anIncident(),
  armed: anArmedService(),
  plan: { outcome: 'planned', plan: { ...aPlan(), rungs: [{ steps: [planned], settle: [] }] } },
  alarms: [],
  attempts: [],
  receipts: [],
  verdicts: [],
  pages: [],
  ...over,
});

/** The lines of the step and of what stands behind it. */
function linesOf(view: IncidentView, columns = 120): string[] {
  const lines = draw(view, at(20), { columns, rows: 99, color: false });
  const from = lines.findIndex((line) => line.includes('rung 1')) + 2;
  return lines.slice(from).filter((line) => line.startsWith('    '));
}

describe('the tree shows Rollout, ReplicaSets, weights and measured shares', () => {
  it('before the lever is pulled: as they stood when its function began', () => {
    const attempts = [
      { step: '1.1', actUntil: at(40), fence: 1, before: { value: BAD, workload: workload(10) } },
    ];

    expect(linesOf(aView({ attempts }))).toEqual([
      '    - Rollout ml/model-svc',
      `    ✗ canary ${BAD}: weight 10 %, 1/1 pods ready, revision 2, image v5`,
      `    ✓ stable ${GOOD}: weight 90 %, 4/4 pods ready, revision 1, image 9f8e7d6c5b4a`,
    ]);
  });

  it('after it: as its receipt has them', () => {
    expect(linesOf(aView({ receipts: [applied] }))[1]).toBe(
      `    - canary ${BAD}: weight 0 %, 0/0 pods ready, revision 2, image v5`,
    );
  });

  it('while it is verified: the weights beside the requests of the last look, which need not agree', () => {
    const look = { rung: 1, at: at(15), served: [reading()] };

    expect(linesOf(aView({ receipts: [applied], look }))).toEqual([
      '    - Rollout ml/model-svc',
      `    ✗ canary ${BAD}: weight 0 %, measured 1.0 %, 0/0 pods ready, revision 2, image v5`,
      `    ✓ stable ${GOOD}: weight 100 %, measured 99.0 %, 4/4 pods ready, revision 1, image 9f8e7d6c5b4a`,
    ]);
  });

  it('at the end: as it was judged, and not as another rung was looked at', () => {
    const requests = { [GOOD]: 500, [BAD]: 0 };
    const verdicts = [aVerdict({ served: [reading({ shares: { windowSeconds: 30, requests } })] })];
    const look = { rung: 2, at: at(99), served: [reading()] };

    const lines = linesOf(aView({ receipts: [applied], verdicts, look }));

    expect(lines[1]).toContain('weight 0 %, measured 0 %, 0/0');
    expect(lines[2]).toContain('weight 100 %, measured 100 %, 4/4');
  });

  it('of a Deployment: pods and requests, since nobody sets weights', () => {
    const lever = aDeployment();
    const { weights: _, ...podsOnly } = workload(10);
    const served = [reading({ target: targetOf(lever), workload: { ...podsOnly, more: 3 } })];
    const planned = step({ lever, target: targetOf(lever) });

    const lines = linesOf(aView({ receipts: [applied], look: { rung: 1, at: at(15), served } }, planned));

    expect(lines[0]).toBe('    - Deployment ml/model-svc, 3 more not shown');
    expect(lines[1]).toBe(`    ✗ canary ${BAD}: measured 1.0 %, 1/1 pods ready, revision 2, image v5`);
  });

  it('in 40 columns: what matters, under its names, and nothing cut', () => {
    const look = { rung: 1, at: at(15), served: [reading()] };

    expect(linesOf(aView({ receipts: [applied], look }), 40)).toEqual([
      '    - weight | measured | pods ready',
      `    ✗ canary ${BAD} 0 %|1.0 %|0/0`,
      `    ✓ stable ${GOOD} 100 %|99.0 %|4/4`,
    ]);
  });

  it('once where two steps of a rung have the same target', () => {
    const rung = { steps: [step()], settle: [step({ id: '1.1.s1', phase: 'settle' })] };
    const plan = { outcome: 'planned', plan: { ...aPlan(), rungs: [rung] } } as const;

    const look = { rung: 1, at: at(15), served: [reading()] };

    expect(linesOf(aView({ plan, receipts: [applied], look }))).toHaveLength(3);
  });

  it('without a terminal: a line for each that changed, and none where only time has passed', () => {
    const look = (seconds: number) => ({ rung: 1, at: at(seconds), served: [reading()] });
    const [before, one, two] = [{}, { look: look(15) }, { look: look(25) }].map((over) =>
      treeOf(aView({ receipts: [applied], ...over }), at(30)),
    );

    const told = changes(before ?? [], one ?? []).map((node) => plainLine(node, 15));

    expect(told).toContain(
      `[0:15] ✗ rung 1: canary ${BAD}: weight 0 %, measured 1.0 %, 0/0 pods ready, revision 2, image v5`,
    );
    expect(changes(one ?? [], two ?? []).map(({ text }) => text)).toEqual([]);
  });
});
