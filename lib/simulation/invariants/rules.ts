/** What design.md promises beside I1-I11, seen from outside. */
import { barredOf } from '../../core/git-lever.ts';
import { CASCADE_LIMIT, type Incident } from '../../core/incident.ts';
import { keys } from '../../core/keys.ts';
import type { PlanResult } from '../../core/plan.ts';
import type { Quarantine } from '../../core/release.ts';
import { type Receipt, tookEffect } from '../../core/step.ts';
import type { VerdictRecord } from '../../core/verdict.ts';
import type { Past, Step } from '../witness.ts';
import { actOf } from './acting.ts';
import { incidentsOf, itemOf, itemsOf, NONE } from './past.ts';

const DAY_MS = 86_400_000;

/** No more incidents of a service act in a day. */
export function cascadeIsCapped() {
  const acted = new Map<string, Map<string, number>>();
  return (step: Step): readonly string[] => {
    const act = actOf(step);
    if (!act || step.targets.length === 0) return NONE;
    const ofService = acted.get(act.service) ?? new Map<string, number>();
    acted.set(act.service, ofService);
    if (!ofService.has(act.incident)) ofService.set(act.incident, step.at);
    const today = [...ofService.values()].filter((at) => step.at - at < DAY_MS);
    return today.length > CASCADE_LIMIT
      ? [`${act.incident} acts; ${today.length - 1} incidents of ${act.service} have acted today`]
      : NONE;
  };
}

/** One transition of an alarm is in one incident. */
export function oneIncidentPerTransition() {
  const held = new Map<string, string>();
  return ({ table }: Step): readonly string[] =>
    table.flatMap(({ key, after }) => {
      if (!key.sk.startsWith('alarm#') || !after) return [];
      const transition = `${after['arn']} ${after['at']}`;
      const first = held.get(transition) ?? key.pk;
      held.set(transition, first);
      return first === key.pk ? [] : [`${transition} is in ${first} and in ${key.pk}`];
    });
}

/** Whoever joined before it closed was judged. */
export const everyAlarmJudged =
  (past: Past) =>
  ({ table }: Step): readonly string[] =>
    table.flatMap(({ key, before, after }) => {
      const closes =
        key.sk === 'incident' && before?.['state'] === 'running' && after?.['ending'] === 'recovered';
      if (!closes) return [];
      const verdict = itemsOf<VerdictRecord>(past, key.pk, 'verdict#').at(-1);
      const joined = itemsOf(past, key.pk, 'alarm#').length;
      return verdict && verdict.alarmsSeen >= joined
        ? []
        : [`${key.pk} recovered, ${verdict?.alarmsSeen ?? 0} of ${joined} alarms judged`];
    });

/**
 * What a person asked for (a value, a plan by its digest) may be refused where an alarm alone has a plan: none is in
 * it by then. A cascade refuses both.
 */
export const noAlarmIsRefusedWithAnAim =
  (past: Past) =>
  ({ table }: Step): readonly string[] =>
    table.flatMap(({ key, before, after }) => {
      if (key.sk !== 'incident' || before?.['state'] !== 'running' || after?.['ending'] !== 'refused')
        return [];
      const { trigger, mode, reasons = [] } = after as unknown as Incident;
      const asked = trigger.kind === 'person' && (trigger.to !== undefined || trigger.plan !== undefined);
      const forBoth =
        mode === undefined || mode === 'off' || reasons.some((why) => why.startsWith('cascade'));
      const joined = itemsOf(past, key.pk, 'alarm#').length;
      return asked && !forBoth && joined > 0
        ? [`${key.pk} is refused for what a person asked, ${joined} alarms with it`]
        : [];
    });

/** What took effect is made to stick, also where all looks well again. */
export const settleIsNeverSkipped =
  (past: Past) =>
  ({ table }: Step): readonly string[] =>
    table.flatMap(({ key, before, after }) => {
      const closes =
        key.sk === 'incident' && before?.['state'] === 'running' && after?.['ending'] === 'recovered';
      return closes
        ? unsettled(past, key.pk)
            .filter(({ begun }) => !begun)
            .map(({ what }) => what)
        : [];
    });

/** What could not be settled, because its function died again and again, is told to people. */
export const unsettledIsTold = (past: Past) => () =>
  recovered(past).flatMap(({ id }) => {
    const paged = past.told.some((t) => t.incident === id && t.urgency === 'page');
    return paged ? [] : unsettled(past, `incident#${id}`).map(({ what }) => `${what}, and nobody was paged`);
  });

/** Steps that took effect and that nothing settled, and whether it was begun at all. */
function unsettled(past: Past, pk: string): { readonly what: string; readonly begun: boolean }[] {
  const receipts = itemsOf(past, pk, 'receipt#');
  const applied = receipts.filter((r) => isToBeSettled(past, pk, r as unknown as Receipt));
  return applied.flatMap(({ step }) => {
    const settled = receipts.filter((r) => String(r['step']).startsWith(`${step}.s`));
    if (settled.some((r) => r['outcome'] !== 'not-begun')) return [];
    const begun = past.begun.has(`${pk.slice('incident#'.length)} ${step}.s1`);
    return [{ what: `${pk} recovered, and nothing settled step ${step}`, begun }];
  });
}

/** A flag has nothing to settle; a Rollout's template may be wrong where its traffic was right all along. */
function isToBeSettled(past: Past, pk: string, { phase, outcome, lever, step }: Receipt): boolean {
  if (phase !== 'apply') return false;
  if (lever === 'alias') return outcome === 'applied';
  const plan = itemOf<PlanResult>(past, { pk, sk: 'plan' });
  const settles = plan?.outcome === 'planned' ? plan.plan.rungs.flatMap(({ settle }) => settle) : [];
  return tookEffect({ outcome }) && settles.some(({ id }) => id.startsWith(`${step}.s`));
}

/** A receipt that says it took effect has seen what it put. */
export function receiptsAreTrue({ table }: Step): readonly string[] {
  return table.flatMap(({ key, after }) => {
    if (!key.sk.startsWith('receipt#') || !after || !tookEffect(after as unknown as Receipt)) return [];
    const { step, to, after: seen } = after as unknown as Receipt;
    return seen?.value === to ? [] : [`${key.pk} ${step} says it put ${to} and saw ${seen?.value}`];
  });
}

/** What an applied rung removed, and recovery proved, stays out. */
export const removedIsQuarantined = (past: Past) => () =>
  recovered(past).flatMap(({ id, service }) => {
    const plan = itemOf<PlanResult>(past, keys.plan(id));
    const differ = plan?.outcome === 'planned' ? plan.plan.differences : [];
    const receipts = itemsOf<Receipt>(past, `incident#${id}`, 'receipt#');
    const removed = receipts.filter(
      (r) =>
        r.phase === 'apply' &&
        typeof r.before?.value === 'string' &&
        r.outcome === 'applied' &&
        // A branch that was good already, and not synced yet, lost nothing.
        ![undefined, r.to].includes(barredOf(r.target, r.before.value)) &&
        differ.some((d) => d.target === r.target && d.now.value === r.before?.value),
    );
    return removed
      .filter(({ target, before }) => {
        const key = keys.quarantine(service, target, barredOf(target, before?.value ?? '') ?? '');
        return (itemOf<Quarantine>(past, key)?.state ?? 'suspected') === 'suspected';
      })
      .map(({ target, before }) => `${id} recovered, and ${before?.value} of ${target} is not quarantined`);
  });

const recovered = (past: Past): Incident[] =>
  incidentsOf(past).filter(({ state, ending }) => state === 'closed' && ending === 'recovered');
