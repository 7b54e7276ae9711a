/** What somebody else put since the plan is not overwritten. */
import { contentOf, readCommit, sameContent } from '../../adapters/memory/git-objects.ts';
import { keys } from '../../core/keys.ts';
import type { PlanResult } from '../../core/plan.ts';
import type { GitLever } from '../../core/service.ts';
import type { PlannedStep } from '../../core/step.ts';
import { isPersons, type Past, type Step } from '../witness.ts';
import type { TargetChange } from '../world.ts';
import { type Acting, actOf } from './acting.ts';
import { itemOf, NONE } from './past.ts';

/** When and what somebody put last. */
interface Theirs {
  readonly at: number;
  readonly value: string | null;
}

export function leavesOthersWork(past: Past) {
  /** By target. */
  const theirs = new Map<string, Theirs>();
  /** By partition of the incident. */
  const plannedAt = new Map<string, number>();
  const note = (step: Step) => {
    for (const { key } of step.table) if (key.sk === 'plan') plannedAt.set(key.pk, step.at);
    if (isPersons(step))
      for (const { target, after } of step.targets) theirs.set(target, { at: step.at, value: after });
  };
  return (step: Step): readonly string[] => {
    note(step);
    const act = actOf(step);
    const planned = act && plannedStep(past, act.incident, act.worker.step);
    if (!act || planned?.phase !== 'apply') return NONE;
    const since = plannedAt.get(`incident#${act.incident}`) ?? 0;
    const isOverwritten = ({ target, before }: TargetChange) => {
      const their = theirs.get(target);
      return their?.value === before && isTheirs(past, { planned, act, their, since });
    };
    return step.targets
      .filter(({ target }) => target.replace('rollout-spec:', 'rollout:') === planned.target)
      .filter(isOverwritten)
      .map(
        ({ target, before }) =>
          `${act.worker.id} overwrites ${before}, which somebody put to ${target} since the plan`,
      );
  };
}

interface Overwritten {
  readonly planned: PlannedStep;
  readonly act: Acting;
  readonly their: Theirs;
  /** When the plan was written. */
  readonly since: number;
}

/** It stood there before this worker began. A push before the plan may not have been synced when that was made. */
function isTheirs(past: Past, { planned, act, their, since }: Overwritten): boolean {
  const { lever, from } = planned;
  if (their.at >= act.worker.startedAt || their.value === from.value) return false;
  if (lever.kind !== 'git') return true;
  return their.at > since && !isOneContent(past, lever, [their.value, from.value]);
}

/** Commits, of which one may be shortened, and said not to be synced: what counts is what they hold. */
function isOneContent({ world }: Past, lever: GitLever, values: readonly (string | null)[]): boolean {
  const store = world.repositories.get(lever.repository)?.store;
  if (!store) return false;
  const names = values.map((value) => value?.split(' ')[0] ?? '');
  const [one, other] = names.map((name) => [...store.objects.keys()].find((oid) => oid.startsWith(name)));
  if (!one || !other) return false;
  const at = (oid: string) => contentOf(store, readCommit(store, oid), lever.paths);
  return sameContent(at(one), at(other));
}

function plannedStep(past: Past, incident: string, id: string | undefined): PlannedStep | undefined {
  const result = itemOf<PlanResult>(past, keys.plan(incident));
  if (result?.outcome !== 'planned') return undefined;
  return result.plan.rungs.flatMap(({ steps, settle }) => [...steps, ...settle]).find((s) => s.id === id);
}
