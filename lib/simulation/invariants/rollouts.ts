/** I3 and I6 for Rollouts: what may be asked of the controller, and how they have to stand afterwards. */
import { podsOf } from '../../adapters/memory/deployment.ts';
import { podHashOf, sharesOf } from '../../adapters/memory/rollout.ts';
import { keys } from '../../core/keys.ts';
import type { PlanResult } from '../../core/plan.ts';
import { type PlannedStep, type Receipt, tookEffect } from '../../core/step.ts';
import type { VerdictRecord } from '../../core/verdict.ts';
import { isPersons, type Past, type Step } from '../witness.ts';
import type { TableChange, TargetChange } from '../world.ts';
import { actOf } from './acting.ts';
import { itemOf, itemsOf, NONE } from './past.ts';
import { goodOf } from './values.ts';

const trafficOf = (target: string): string => target.replace(/^rollout-(spec|asked):/, 'rollout:');

/** No template but the baseline's, no promotion of another hash, no abort that goes back to another. */
export const onlyGoodIsAsked =
  (past: Past) =>
  (step: Step): readonly string[] => {
    const act = actOf(step);
    if (!act) return NONE;
    const good = goodOf(past, act.service);
    return step.targets.flatMap((change) => {
      const wanted = good?.[trafficOf(change.target)]?.value;
      const given = givenBy(past, change);
      return given.every((hash) => hash === wanted)
        ? []
        : [`${act.worker.id} makes ${change.target} ${change.after} (${given}); good would be ${wanted}`];
    });
  };

/** Hashes that get requests by such a change: nothing where it is not a Rollout's. */
function givenBy({ world }: Past, { target, after }: TargetChange): string[] {
  const rollout = world.rollouts.get(trafficOf(target));
  if (!rollout || !/^rollout-(spec|asked):/.test(target)) return [];
  if (after === 'abort') return [rollout.stableRS];
  const promoted = after?.startsWith('promote ') ? [after.replace('promote ', '')] : [];
  return [podHashOf(rollout.images), ...promoted];
}

/** An incident that recovered has freed every user of what its levers moved. */
export function freedEverybody(past: Past) {
  const others = changesByOthers();
  return (step: Step): readonly string[] => {
    const changedAt = others(step);
    return step.table.filter(recovers).flatMap(({ key: { pk } }) => {
      const looked = itemsOf<VerdictRecord>(past, pk, 'verdict#').at(-1)?.judgedAt ?? 0;
      return movedBy(past, pk)
        .filter(({ target }) => changedAt(target) < looked - past.clocksDifferMs)
        .flatMap((moved) => notFreed(past, pk, moved));
    });
  };
}

/** When a Rollout was changed last by anybody but us; the controller that carries something out among them. */
function changesByOthers() {
  const changed = new Map<string, number>();
  return (step: Step) => {
    if (step.by === 'somebody')
      for (const { target } of step.targets) changed.set(trafficOf(target), step.at);
    return (target: string): number => changed.get(target) ?? 0;
  };
}

const recovers = ({ key, before, after }: TableChange): boolean =>
  key.sk === 'incident' && after?.['ending'] === 'recovered' && !before?.['ending'];

/** Rollouts and Deployments that the steps of an incident moved, or that settling them promoted. */
function movedBy(past: Past, pk: string): PlannedStep[] {
  const result = itemOf<PlanResult>(past, keys.plan(pk.slice('incident#'.length)));
  const rungs = result?.outcome === 'planned' ? result.plan.rungs : [];
  const took = itemsOf<Receipt>(past, pk, 'receipt#')
    .filter((r) => r.phase === 'apply' && tookEffect(r))
    .map(({ step }) => step);
  return rungs
    .flatMap(({ steps, settle }) => [...steps, ...settle])
    .filter(
      ({ id, target }) => /^(rollout|deployment):/.test(target) && took.includes(id.replace(/\.s\d+$/, '')),
    );
}

function notFreed({ world }: Past, pk: string, { target, to }: PlannedStep): string[] {
  const rollout = world.rollouts.get(target);
  const deployment = world.deployments.get(target);
  if (deployment)
    return stillThere(
      pk,
      target,
      [...podsOf(deployment).keys()].filter((h) => h !== to.value),
    );
  const shares = rollout ? sharesOf(rollout) : new Map<string, number>();
  const seen = [...shares].map(([hash, share]) => `${hash} ${share} %`);
  return shares.get(to.value ?? '') === 100 ? [] : [`${pk} recovered, and ${target} serves ${seen}`];
}

const stillThere = (pk: string, target: string, others: readonly string[]): string[] =>
  others.length > 0 ? [`${pk} recovered, and ${target} has pods of ${others}`] : [];

/** Where the template still is the bad one any later edit starts it again: then people hear of it. */
export function templateIsGood(past: Past) {
  /** By target, as long as nobody else has written its template since it was settled. */
  const left = new Map<string, Left>();
  const written = new Map<string, number>();
  const note = (step: Step): readonly string[] => {
    for (const target of writtenBy(past, step)) {
      written.set(target, step.at);
      left.delete(target);
    }
    const isOurs = ({ pk, target }: Left) => (written.get(target) ?? 0) < settledAt(past, pk);
    for (const one of step.table.filter(recovers).flatMap((change) => leftBy(past, change)))
      if (isOurs(one)) left.set(one.target, one);
    return NONE;
  };
  return { step: note, end: () => [...left.values()].flatMap((one) => leftBad(past, one)) };
}

/** A Rollout as an incident that recovered has left it. */
interface Left {
  readonly pk: string;
  readonly target: string;
  readonly wanted: string | null;
}

const leftBy = (past: Past, { key: { pk } }: TableChange): Left[] =>
  movedBy(past, pk).map(({ target, to }) => ({ pk, target, wanted: to.value }));

/** Rollouts that a person has written, or a job; what is pushed to their branch as well, whenever it is synced. */
const writtenBy = ({ world }: Past, step: Step): string[] =>
  isPersons(step) ? step.targets.flatMap(({ target }) => [trafficOf(target), ...putFrom(world, target)]) : [];

const putFrom = ({ applications }: Past['world'], target: string): string[] =>
  [...applications.values()]
    .filter(({ repository, branch }) => target.startsWith(`git:${repository}@${branch}:`))
    .flatMap(({ deploys }) => Object.keys(deploys));

/** When the last step looked at its target. */
function settledAt(past: Past, pk: string): number {
  const looked = itemsOf<Receipt>(past, pk, 'receipt#').map(({ startedAt }) => startedAt);
  return Math.max(0, ...looked) - past.clocksDifferMs;
}

function leftBad({ world, told }: Past, { pk, target, wanted }: Left): string[] {
  const rollout = world.rollouts.get(target);
  const isPaged = told.some((t) => t.urgency === 'page' && pk === `incident#${t.incident}`);
  if (!rollout || isPaged || podHashOf(rollout.images) === wanted) return [];
  return [`${pk} recovered, the template of ${target} is not ${wanted}, and nobody was paged`];
}
