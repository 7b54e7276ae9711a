/** What may be begun at all, by whom and until when. */
import { FUNCTION_TIMEOUT_SECONDS } from '../../core/function-env.ts';
import type { Incident } from '../../core/incident.ts';
import { keys } from '../../core/keys.ts';
import type { PlanResult } from '../../core/plan.ts';
import type { Lever } from '../../core/service.ts';
import type { VerdictRecord } from '../../core/verdict.ts';
import type { Past, Step } from '../witness.ts';
import { type Acting, actOf } from './acting.ts';
import { itemOf, itemsOf, NONE } from './past.ts';

/** A step that was begun in time may take its function's time, and outlast it by this much. */
const MARGIN_MS = 5000;
/** No deadline is longer (design: at most 30 minutes); the product's own is not taken on trust. */
const LONGEST_DEADLINE_MS = 30 * 60_000;

export const begunRightly =
  (past: Past) =>
  (step: Step): readonly string[] => {
    const act = actOf(step);
    const incident = act && itemOf<Incident>(past, keys.incident(act.incident));
    if (!act || !incident) return NONE;
    const who = `${act.worker.id} of ${incident.id}`;
    return [
      ...(incident.dryRun ? [`${who} acts for a dry run`] : []),
      ...(isHeld(past, act) ? [] : [`${who} acts, and promotion is not held`]),
      ...(isApply(act)
        ? objectionsTo(past, { act, incident, at: step.at }).map((why) => `${who} ${why}`)
        : []),
    ];
  };

const isHeld = (past: Past, { service }: Acting): boolean =>
  itemOf<{ state: string }>(past, keys.hold(service)) !== undefined;

/** `2.1`, and not `2.1.s1`, which settles it, nor a mark. */
const isApply = ({ worker }: Acting): boolean => /^[1-9]\d*\.\d+$/.test(worker.step ?? '');

interface Begun {
  readonly act: Acting;
  readonly incident: Incident;
  readonly at: number;
}

function objectionsTo(past: Past, { act, incident, at }: Begun): string[] {
  const { openedAt, deadlineAt = openedAt, trigger } = incident;
  const rung = Number.parseInt(act.worker.step ?? '', 10);
  const functionMs = FUNCTION_TIMEOUT_SECONDS[act.worker.function] * 1000 + MARGIN_MS;
  const until = Math.min(deadlineAt, openedAt + LONGEST_DEADLINE_MS) + functionMs;
  const lever = leverOf(past, act);
  const approved = past.services.some(
    ({ armed: { service } }) =>
      service.name === act.service && service.runbook.preApproved.includes(lever?.name ?? ''),
  );
  return [
    ...(at > until ? [`pulls ${act.worker.step} past the deadline`] : []),
    ...(rung > 1 && lastVerdict(past, act, rung - 1) !== 'not-recovered'
      ? [`climbs to rung ${rung}, and the one before was not judged not-recovered`]
      : []),
    ...(lever && !approved && trigger.kind !== 'person'
      ? [`pulls ${lever.name}, which is not pre-approved`]
      : []),
  ];
}

const lastVerdict = (past: Past, { incident }: Acting, rung: number): string | undefined =>
  itemsOf<VerdictRecord>(past, `incident#${incident}`, `verdict#${String(rung).padStart(3, '0')}#`).at(-1)
    ?.verdict;

/** The lever of the step that acts, by the plan. */
function leverOf(past: Past, { incident, worker }: Acting): Lever | undefined {
  const result = itemOf<PlanResult>(past, keys.plan(incident));
  if (result?.outcome !== 'planned') return undefined;
  return result.plan.rungs.flatMap(({ steps }) => steps).find(({ id }) => id === worker.step)?.lever;
}
