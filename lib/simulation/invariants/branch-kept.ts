/** How a branch has to stand when an incident is called recovered, and after it. */
import { keys } from '../../core/keys.ts';
import type { PlanResult } from '../../core/plan.ts';
import { type Receipt, tookEffect } from '../../core/step.ts';
import type { VerdictRecord } from '../../core/verdict.ts';
import { isPersons, type Past, type Step } from '../witness.ts';
import { standing, type TableChange } from '../world.ts';
import { itemOf, itemsOf, NONE } from './past.ts';

/** `recovered` is not said of a branch that we returned, and that held something else when it was judged. */
export function branchWasGood(past: Past) {
  /** When each branch came to what it holds, by target. */
  const since = new Map<string, { readonly at: number; readonly value: string | null }>();
  return (step: Step): readonly string[] => {
    for (const { target, after } of step.targets)
      if (target.startsWith('git:')) since.set(target, { at: step.at, value: after });
    return step.table.filter(recovers).flatMap((change) =>
      leftBy(past, change).flatMap(({ pk, target, wanted, returned }) => {
        const held = since.get(target);
        const judgedAt = itemsOf<VerdictRecord>(past, pk, 'verdict#').at(-1)?.judgedAt ?? 0;
        const stood = held !== undefined && held.at < judgedAt - past.clocksDifferMs - LONGEST_LOOK_MS;
        return returned && stood && held.value !== wanted
          ? [`${pk} recovered, and ${target} has held ${held.value} for a while`]
          : [];
      }),
    );
  };
}

/** From the first reading of a look to its verdict. */
const LONGEST_LOOK_MS = 10_000;

/** Where a branch still holds the bad content the next sync ships it again: then people hear of it. */
export function branchIsGood(past: Past) {
  const left = new Map<string, Left>();
  const written = new Map<string, number>();
  const note = (step: Step): readonly string[] => {
    if (isPersons(step))
      for (const { target } of step.targets.filter((t) => t.target.startsWith('git:'))) {
        written.set(target, step.at);
        left.delete(target);
      }
    for (const one of step.table.filter(recovers).flatMap((change) => leftBy(past, change)))
      if ((written.get(one.target) ?? 0) < settledAt(past, one.pk)) left.set(one.target, one);
    return NONE;
  };
  return {
    step: note,
    end: () => [...[...left.values()].flatMap((one) => leftBad(past, one)), ...frozenUntold(past)],
  };
}

/** A branch as an incident that recovered has left it. */
interface Left {
  readonly pk: string;
  readonly target: string;
  readonly wanted: string | null;
  /** Whether a step of ours has seen it good. */
  readonly returned: boolean;
}

const recovers = ({ key, before, after }: TableChange): boolean =>
  key.sk === 'incident' && after?.['ending'] === 'recovered' && !before?.['ending'];

function leftBy(past: Past, { key: { pk } }: TableChange): Left[] {
  const result = itemOf<PlanResult>(past, keys.plan(pk.slice('incident#'.length)));
  const rungs = result?.outcome === 'planned' ? result.plan.rungs : [];
  const took = itemsOf<Receipt>(past, pk, 'receipt#')
    .filter(tookEffect)
    .map(({ step }) => step);
  return rungs
    .flatMap(({ steps, settle }) => [...steps, ...settle])
    .filter(({ id, lever }) => lever.kind === 'git' && took.includes(id.replace(/\.s\d+$/, '')))
    .map(({ id, target, to }) => ({ pk, target, wanted: to.value, returned: took.includes(id) }));
}

function settledAt(past: Past, pk: string): number {
  const looked = itemsOf<Receipt>(past, pk, 'receipt#').map(({ startedAt }) => startedAt);
  return Math.max(0, ...looked) - past.clocksDifferMs;
}

const isPaged = ({ told }: Past, incident: string): boolean =>
  told.some((t) => t.urgency === 'page' && t.incident === incident);

function leftBad(past: Past, { pk, target, wanted }: Left): string[] {
  if (isPaged(past, pk.slice('incident#'.length))) return [];
  const held = past.services.flatMap((service) => [...standing(past.world, service)]);
  const now = held.find(([name]) => name === target)?.[1];
  return now === wanted ? [] : [`${pk} recovered, ${target} holds ${now}, not ${wanted}; nobody was paged`];
}

/** Whoever turned auto-sync off has told people. */
const frozenUntold = (past: Past): string[] =>
  [...past.world.applications].flatMap(([target, { frozenBy }]) =>
    frozenBy === undefined || isPaged(past, frozenBy)
      ? []
      : [`application ${target} is frozen by ${frozenBy}, and nobody was paged`],
  );
