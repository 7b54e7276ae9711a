/** I2 for Helm releases: every run adds a revision, so none is begun where what is wanted is live. */
import { type HelmLever, targetOf } from '../../core/service.ts';
import type { Past, Step } from '../witness.ts';
import type { TargetChange } from '../world.ts';
import { type Acting, actOf } from './acting.ts';
import { goodOf } from './values.ts';

export function noNeedlessRevision(past: Past) {
  /** Since when what is wanted is live, by target. */
  const live = new Map<string, number>();
  return (step: Step): readonly string[] => {
    const act = actOf(step);
    const wrong = act ? step.targets.flatMap((change) => needless(live, act, change)) : [];
    for (const { service } of past.services.map(({ armed }) => armed))
      for (const lever of service.levers)
        if (lever.kind === 'helm') noteLive(past, live, { lever, service: service.name, at: step.at });
    return wrong;
  };
}

function needless(
  live: ReadonlyMap<string, number>,
  { worker }: Acting,
  { target, after }: TargetChange,
): string[] {
  const begins = target.startsWith('helm-history:') && after?.endsWith('pending-rollback');
  const since = live.get(target.replace('helm-history:', 'helm:'));
  const isNeedless = begins && since !== undefined && since < worker.startedAt;
  return isNeedless ? [`${worker.id} runs Helm, and what is wanted of ${target} is live`] : [];
}

interface Looked {
  readonly lever: HelmLever;
  readonly service: string;
  readonly at: number;
}

function noteLive(past: Past, live: Map<string, number>, { lever, service, at }: Looked): void {
  const target = targetOf(lever);
  const wanted = goodOf(past, service)?.[target]?.value;
  if (!isLive(past, lever, wanted ?? '')) live.delete(target);
  else if (!live.has(target)) live.set(target, at);
}

/** Its newest revision says what the wanted one said, and each workload is as it says. */
function isLive(past: Past, lever: HelmLever, wanted: string): boolean {
  const { revisions = [] } = past.world.releases.get(targetOf(lever)) ?? {};
  const newest = revisions.at(-1);
  const good = revisions.find(({ number }) => String(number) === wanted);
  if (!good || newest?.status !== 'deployed') return false;
  return isSame(newest.chart, good.chart) && isAsSaid(past, lever, newest.chart.workloads);
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function isAsSaid({ world }: Past, lever: HelmLever, workloads: Readonly<Record<string, object>>): boolean {
  const live = world.releases.get(targetOf(lever))?.live;
  return Object.entries(workloads).every(([name, images]) => {
    const [, rollout] = /^Rollout\/(.*)/.exec(name) ?? [];
    const own = world.rollouts.get(`rollout:${lever.cluster}/${lever.namespace}/${rollout}`);
    return isSame(rollout === undefined ? live?.get(name)?.images : own?.images, images);
  });
}
