import { commitIn } from './git-lever.ts';
import { manualStep } from './manual.ts';
import type { Baseline, Held } from './release.ts';
import { type AliasLever, type ArmedService, type Lever, type RolloutLever, targetOf } from './service.ts';
import { leverOfOwner } from './spec-owner.ts';
import { changedFrom, type Observation, type PlannedStep } from './step.ts';

/** Alias that names the version a rollback removed. */
const ROLLED_BACK = 'rolled_back';

/** What is known when steps are made to stick: `baselines` are the proven ones, newest first; `seen` is by target. */
export interface Settling {
  readonly armed: ArmedService;
  readonly baselines: readonly Baseline[];
  readonly seen: (target: string) => Observation | undefined;
}

type Wanted = readonly [lever: Lever, to: Held];

/** What makes a step stick. A flag needs nothing, nor does a Deployment: its template is what was put back. */
export function settleSteps(settling: Settling, step: PlannedStep): PlannedStep[] {
  return wantedBy(settling, step).map(([lever, to], n) => ({
    id: `${step.id}.s${n + 1}`,
    phase: 'settle',
    lever,
    target: targetOf(lever),
    from: plannedUpon(settling, lever),
    to,
    // Traffic settles what its owner has put back, and only that.
    manual: manualStep(settling.armed, { lever, to: to.value, found: 'put-back' }),
  }));
}

/** A branch is settled as it stood at the plan: what somebody has pushed since is left alone (F39). */
function plannedUpon({ seen }: Settling, lever: Lever): Held {
  const observed = lever.kind === 'git' ? seen(targetOf(lever)) : undefined;
  return { value: commitIn((observed && changedFrom({ lever }, observed)) ?? '') ?? null };
}

function wantedBy(settling: Settling, step: PlannedStep): Wanted[] {
  switch (step.lever.kind) {
    case 'flag':
    case 'deployment':
      return [];
    case 'alias':
      return aliasesFor(step, step.lever, settling.baselines);
    case 'rollout':
      return specFor(settling, step, step.lever);
    case 'helm':
    case 'git':
      return trafficFor(settling, step.lever);
  }
}

/**
 * `rolled_back` names the bad version, and `previous_<alias>` the next newest baseline, or is taken away; it never
 * equals the alias itself, or a second incident would roll back to the same version.
 */
function aliasesFor(step: PlannedStep, lever: AliasLever, baselines: readonly Baseline[]): Wanted[] {
  const named = (alias: string): AliasLever => ({ ...withoutReload(lever), alias });
  const previous: Wanted = [named(`previous_${lever.alias}`), nextNewest(step, baselines)];
  const isMoved = step.from.value !== null && step.from.value !== step.to.value;
  return isMoved ? [[named(ROLLED_BACK), step.from], previous] : [previous];
}

/** Only the alias that users are served by makes the service reload. */
function withoutReload({ reload: _, ...lever }: AliasLever): AliasLever {
  return lever;
}

/** The newest other version among the proven baselines, which are newest first. */
function nextNewest(step: PlannedStep, baselines: readonly Baseline[]): Held {
  const held = baselines.map((b) => b.release[step.target]).filter((h) => h !== undefined);
  const other = held.find((h) => h.value !== step.to.value && h.value !== step.from.value);
  return other ?? { value: null };
}

/** The template still is the bad one: its owner puts it back, or any later edit starts the bad release again. */
function specFor(settling: Settling, step: PlannedStep, lever: RolloutLever): Wanted[] {
  const owner = settling.seen(step.target)?.owner;
  if (!owner) return [[{ ...lever, part: 'spec' }, step.to]];
  const theirs = leverOfOwner(settling.armed.service, lever, owner);
  const to = theirs && settling.baselines[0]?.release[targetOf(theirs)];
  return theirs && to ? [[theirs, to]] : [];
}

/** A Rollout that had completed the bad release begins a canary of the good one: it is promoted in full (F30). */
function trafficFor({ armed, baselines, seen }: Settling, { name }: Lever): Wanted[] {
  return armed.service.levers.flatMap((lever): Wanted[] => {
    const to = baselines[0]?.release[targetOf(lever)];
    const owner = lever.kind === 'rollout' ? seen(targetOf(lever))?.owner : undefined;
    if (lever.kind !== 'rollout' || !owner || !to) return [];
    return leverOfOwner(armed.service, lever, owner)?.name === name ? [[lever, to]] : [];
  });
}
