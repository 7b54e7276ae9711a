/** Whoever starts a plan that they have read gets that one, or nothing. */
import type { Incident } from '../../core/incident.ts';
import { keys } from '../../core/keys.ts';
import type { Plan, PlanResult } from '../../core/plan.ts';
import type { Past, Step } from '../witness.ts';
import { actOf } from './acting.ts';
import { itemOf, NONE } from './past.ts';

/** Judged by the plan itself as it was read, not by its digest. */
export const runsWhatWasRead =
  (past: Past) =>
  (step: Step): readonly string[] => {
    const act = actOf(step);
    const trigger = act && itemOf<Incident>(past, keys.incident(act.incident))?.trigger;
    if (!act || trigger?.kind !== 'person' || trigger.plan === undefined) return NONE;
    const read = past.plansRead.get(trigger.plan);
    const runs = itemOf<PlanResult>(past, keys.plan(act.incident));
    if (read && runs?.outcome === 'planned' && movesOf(read) === movesOf(runs.plan)) return NONE;
    const what = read
      ? `plan ${trigger.plan}, which was another`
      : `plan ${trigger.plan}, which nobody has read`;
    return [`${act.worker.id} of ${act.incident} acts for ${what}`];
  };

const movesOf = ({ baseline, rungs }: Plan): string =>
  JSON.stringify([
    baseline,
    ...rungs.map(({ steps, settle }) =>
      [...steps, ...settle].map(({ target, from, to }) => [target, from.value, to.value]),
    ),
  ]);
