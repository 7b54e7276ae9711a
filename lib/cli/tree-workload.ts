import type { Rung } from '../core/plan.ts';
import { targetOf } from '../core/service.ts';
import type { PlannedStep } from '../core/step.ts';
import { type Shares, shareText } from '../core/traffic.ts';
import { type PodSet, percentText, type Workload } from '../core/workload.ts';
import type { IncidentView } from './incident-view.ts';
import type { TreeNode } from './tree-node.ts';

interface OfRung {
  readonly rung: Rung;
  readonly nth: number;
}

/** What is known last of the ReplicaSets behind a step, and of the requests to each of them. */
interface Known {
  readonly workload: Workload;
  readonly shares?: Shares;
  readonly at?: number;
}

/** A Rollout or Deployment with its ReplicaSets: configured weights beside measured shares. Each target once a rung. */
export function workloadNodes(view: IncidentView, step: PlannedStep, { rung, nth }: OfRung): TreeNode[] {
  const target = targetOf(step.lever);
  const first = [...rung.steps, ...rung.settle].find(({ lever }) => targetOf(lever) === target);
  const known = first?.id === step.id ? knownOf(view, step, nth) : undefined;
  if (!known) return [];
  const { workload, at } = known;
  const facts = { rung: nth, target };
  const base = { depth: 2, within: `rung ${nth}`, facts, ...(at !== undefined && { at }) } as const;
  const key = `workload:${step.id}`;
  return [
    { ...base, key, state: 'note', heads: true, ...headOf(step, known) },
    ...workload.sets.map((set): TreeNode => {
      const isGood = set.hash === step.to.value;
      const state = isGood ? 'done' : isServed(set, known) ? 'bad' : 'note';
      return { ...base, key: `${key}:${set.hash}`, state, ...textOf(set, known) };
    }),
  ];
}

/** The verdict of its rung, else the last look, else its receipt, else what stood there when it was begun. */
function knownOf(view: IncidentView, { id, target }: PlannedStep, nth: number): Known | undefined {
  const verdict = view.verdicts.findLast(({ rung }) => rung === nth);
  const look = view.look?.rung === nth ? view.look : undefined;
  const seen = [
    verdict && { served: verdict.served, at: verdict.judgedAt },
    look && { served: look.served, at: look.at },
  ];
  for (const { served = [], at } of seen.filter((s) => s !== undefined)) {
    const { workload, shares } = served.findLast((reading) => reading.target === target) ?? {};
    if (workload) return { workload, at, ...(shares && { shares }) };
  }
  const receipt = view.receipts.find(({ step }) => step === id);
  const workload = (receipt?.after ?? receipt?.before)?.workload;
  if (receipt && workload) return { workload, at: receipt.endedAt };
  const before = view.attempts.find(({ step }) => step === id)?.before.workload;
  return before && { workload: before };
}

function headOf({ target }: PlannedStep, { workload, shares }: Known) {
  const { weights, unconfirmed, more = 0 } = workload;
  const [kind, path = ''] = target.split(':');
  const name = `${kind === 'deployment' ? 'Deployment' : 'Rollout'} ${path.split('/').slice(1).join('/')}`;
  const columns = [...(weights ? ['weight'] : []), ...(shares ? ['measured'] : []), 'pods ready'];
  const remarks = [
    ...(unconfirmed ? ['weights not confirmed by the router'] : []),
    ...(more > 0 ? [`${more} more not shown`] : []),
  ];
  return { text: [name, ...remarks].join(', '), narrow: columns.join(' | ') };
}

function textOf({ hash, role, ready, pods, revision, image }: PodSet, { workload, shares }: Known) {
  const { weights } = workload;
  const weight = weights && percentText(weights[hash] ?? 0);
  const measured = shares && (shareText(shares, hash) ?? 'nothing');
  const name = `${role ?? 'old'} ${hash}`;
  const parts = [
    ...(weight === undefined ? [] : [`weight ${weight}`]),
    ...(measured === undefined ? [] : [`measured ${measured}`]),
    `${ready}/${pods} pods ready`,
    `revision ${revision}`,
    `image ${image}`,
  ];
  const short = [weight, measured, `${ready}/${pods}`].filter((part) => part !== undefined);
  return { text: `${name}: ${parts.join(', ')}`, narrow: `${name} ${short.join('|')}` };
}

/** By weight where a router is told, else by its pods; and by every request that was seen. */
const isServed = ({ hash, pods }: PodSet, { workload: { weights }, shares }: Known): boolean =>
  (weights ? (weights[hash] ?? 0) : pods) > 0 || (shares?.requests[hash] ?? 0) > 0;
