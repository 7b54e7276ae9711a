import { deadlineSeconds, leverNamed } from './deadline.ts';
import { manualStep } from './manual.ts';
import { printable } from './printable.ts';
import { type Baseline, type Difference, differences, type Held, type Release } from './release.ts';
import { type ArmedService, type Lever, type Pull, targetOf } from './service.ts';
import { settleSteps } from './settle.ts';
import { leverOfOwner, ownerOver, stickingLever } from './spec-owner.ts';
import { changedFrom, misfit, type Observation, type Owner, type PlannedStep, say } from './step.ts';
import { whyItSticks } from './why-it-sticks.ts';

/** A lever the plan does not pull, and why. It is named in plan, page and report. */
export interface LeftOut {
  readonly lever: string;
  readonly reason: string;
  readonly manual?: string;
  /** Its target could not be seen: somebody has to mend the lever (F20). @default false */
  readonly unseen?: boolean;
}

/** The steps that run side by side, and what makes them stick. */
export interface Rung {
  readonly steps: readonly PlannedStep[];
  readonly settle: readonly PlannedStep[];
}

/** Which levers will be pulled, to what; the very plan that runs, and what a dry run prints. */
export interface Plan {
  /** @default - the plan is from before it was kept */
  readonly environment?: string;
  readonly service: string;
  readonly baseline: string;
  readonly differences: readonly Difference[];
  readonly rungs: readonly Rung[];
  readonly leftOut: readonly LeftOut[];
  /** Targets of which nobody knows what they hold. @default none */
  readonly unseen?: readonly string[];
  readonly deadlineSeconds: number;
}

/** A plan, or why no lever is pulled, with what differs from the baseline and which levers were left out. */
export type PlanResult =
  | { readonly outcome: 'planned'; readonly plan: Plan }
  | {
      readonly outcome: 'refused';
      readonly reasons: readonly string[];
      readonly differences: readonly Difference[];
      readonly leftOut: readonly LeftOut[];
    };

/** One target as plan-rollback saw it: what stands there and is served, or why it could not be seen. */
export type Seen = Standing | { readonly unseen: string };

/** What a target holds when it is planned for. */
export interface Standing {
  readonly observed: Observation;
  /** What each serving instance uses now, where the lever says where to read it. */
  readonly served?: readonly string[];
}

/** What plan-rollback knows when it decides. `baselines` are the proven ones, newest first. */
export interface PlanInput {
  readonly armed: ArmedService;
  readonly baselines: readonly Baseline[];
  readonly seen: Readonly<Record<string, Seen>>;
  readonly startedByPerson: boolean;
}

/** Which levers to pull, in which order, to which values; or why none. Pure: the stage has observed before. */
export function planRollback(input: PlanInput): PlanResult {
  const [baseline] = input.baselines;
  if (!baseline) return refused(['no baseline is recorded that holds nothing quarantined'], [], []);
  const differ = differences(releaseSeen(input.seen, baseline), baseline);
  if (differ.length === 0 && unseenIn(input).length === 0) {
    const why = `nothing differs from the newest baseline "${baseline.id}": a proven release is not rolled back because of an alarm alone`;
    return refused([why], differ, []);
  }
  const weighed = input.armed.service.policy.do.map((rung) =>
    rung.map((pull) => weigh(input, baseline, pull)),
  );
  const leftOut = weighed.flat().filter((w) => 'reason' in w);
  const rungs = eachOnce(weighed.map((rung) => rung.filter((w) => 'lever' in w && 'to' in w)));
  if (rungs.length === 0) return refused(['no lever of the policy may be pulled'], differ, leftOut);
  return { outcome: 'planned', plan: assemble(input, { baseline, differ, rungs, leftOut }) };
}

/** Two levers may lead to one that sticks: it is pulled where it comes first. */
function eachOnce(rungs: readonly Pulled[][]): Pulled[][] {
  const targets = new Set<string>();
  const isNew = ({ lever }: Pulled) => !targets.has(targetOf(lever)) && targets.add(targetOf(lever));
  return rungs.map((rung) => rung.filter(isNew)).filter((rung) => rung.length > 0);
}

const unseenIn = ({ armed, seen }: PlanInput): string[] =>
  armed.service.levers.map(targetOf).filter((target) => !seen[target] || 'unseen' in seen[target]);

const refused = (
  reasons: string[],
  differ: readonly Difference[],
  leftOut: readonly LeftOut[],
): PlanResult => ({
  outcome: 'refused',
  reasons,
  differences: differ,
  leftOut,
});

/** SSM holds no longer one; what a service answers may be a megabyte, and an item may not (F59). */
const LONGEST_VALUE = 8192;

/** What some instance serves, or the next change would start from, though the target holds something else. */
const astrayIn = ({ served, observed }: Standing): string | undefined =>
  served?.find((value) => value !== observed.value) ?? observed.spec;

/** What each target holds; where that is the baseline's, what is astray there instead. */
function releaseSeen(seen: PlanInput['seen'], baseline: Baseline): Release {
  const entries = Object.entries(seen).flatMap(([target, s]): [string, Held][] => {
    if ('unseen' in s) return [];
    const standsRight = s.observed.value === baseline.release[target]?.value;
    const astray = standsRight ? astrayIn(s) : undefined;
    return [[target, astray === undefined ? heldOf(s.observed) : { value: astray.slice(0, LONGEST_VALUE) }]];
  });
  return Object.fromEntries(entries);
}

const heldOf = ({ value, digest, runId }: Held): Held => ({
  value,
  ...(digest !== undefined && { digest }),
  ...(runId !== undefined && { runId }),
});

type Pulled = {
  readonly lever: Lever;
  readonly from: Held;
  readonly to: Held;
  readonly found: Observation['progress'];
  readonly because?: string;
};

/** One pull against what was seen and what the baseline holds: a step, or the reason why not. */
function weigh(input: PlanInput, baseline: Baseline, pull: Pull): Pulled | LeftOut {
  const { service } = input.armed;
  const asked = leverNamed(service, pull.lever);
  const at = (target: string) => observedIn(input.seen[target]);
  const owner = ownerOver(service, asked, (target) => at(target)?.owner);
  const wanted = { service, lever: asked, release: baseline.release };
  const sticking = stickingLever(wanted, { owner, progress: at(targetOf(asked))?.progress });
  if ('objection' in sticking) return { lever: asked.name, reason: sticking.objection };
  const weighed = weighLever(input, baseline, { lever: sticking.lever, verb: pull.verb });
  const because = whyItSticks(sticking.lever, { owner, sync: syncOver(input, sticking.lever, owner) });
  return 'reason' in weighed || because === undefined ? weighed : { ...weighed, because };
}

/** What Argo CD does with what Git holds is seen by the lever for it. */
function syncOver({ armed, seen }: PlanInput, lever: Lever, owner: Owner | undefined) {
  const theirs = 'cluster' in lever && owner ? leverOfOwner(armed.service, lever, owner) : lever;
  return theirs && observedIn(seen[targetOf(theirs)])?.sync;
}

const observedIn = (seen: Seen | undefined): Observation | undefined =>
  seen && 'observed' in seen ? seen.observed : undefined;

type Weighed = { readonly lever: Lever; readonly verb: Pull['verb'] };

function weighLever(input: PlanInput, baseline: Baseline, { lever, verb }: Weighed): Pulled | LeftOut {
  const seen = input.seen[targetOf(lever)] ?? { unseen: 'it was not looked at' };
  const known = baseline.release[targetOf(lever)];
  const to = verb === 'off' && lever.kind === 'flag' ? { value: lever.safe } : known;
  const found = 'unseen' in seen ? undefined : seen.observed.progress;
  const leave = (reason: string): LeftOut => ({
    lever: lever.name,
    reason,
    ...(to && { manual: manualStep(input.armed, { lever, to: to.value, found }) }),
  });
  if (!to) return leave(`the baseline "${baseline.id}" does not know ${targetOf(lever)}`);
  if ('unseen' in seen) {
    return { ...leave(`${targetOf(lever)} cannot be observed: ${printable(seen.unseen)}`), unseen: true };
  }
  const objection = objectionTo({ lever, to, known, seen, input });
  return objection ? leave(objection) : { lever, from: replacedBy(lever, seen.observed), to, found };
}

/** What a pull replaces: of a branch the commit that Git holds, whatever is synced yet. */
function replacedBy(lever: Lever, observed: Observation): Held {
  const value = changedFrom({ lever }, observed);
  return value === observed.value ? heldOf(observed) : { value };
}

interface Weighing {
  readonly lever: Lever;
  readonly to: Held;
  readonly known: Held | undefined;
  readonly seen: Standing;
  readonly input: PlanInput;
}

function objectionTo({ lever, to, known, seen, input }: Weighing): string | undefined {
  const { observed } = seen;
  // First: the same version number may name another artifact than the one that was recorded.
  const why = observed.candidate && misfit(observed.candidate, to);
  if (why) return why;
  if (observed.value === to.value && astrayIn(seen) === undefined) {
    return `it already holds ${say(to.value)}`;
  }
  if (lever.kind === 'flag' && !lever.alwaysSafe && known?.value !== to.value) {
    return `its safe value ${say(to.value)} is not the baseline's ${say(known?.value ?? null)} and it is not marked always-safe`;
  }
  if (!input.startedByPerson && !input.armed.service.runbook.preApproved.includes(lever.name)) {
    return 'it is not pre-approved: a person has to start this rollback';
  }
  return undefined;
}

interface Parts {
  readonly baseline: Baseline;
  readonly differ: readonly Difference[];
  readonly rungs: readonly (readonly Pulled[])[];
  readonly leftOut: readonly LeftOut[];
}

function assemble(input: PlanInput, { baseline, differ, rungs, leftOut }: Parts): Plan {
  const { armed } = input;
  const numbered = rungs.map((rung, index): Rung => {
    const steps = rung.map((pulled, n) => applyStep(armed, `${index + 1}.${n + 1}`, pulled));
    const settling = {
      armed,
      baselines: input.baselines,
      seen: (target: string) => observedIn(input.seen[target]),
    };
    return { steps, settle: steps.flatMap((step) => settleSteps(settling, step)) };
  });
  const pulls = rungs.map((rung) => rung.map(({ lever }): Pull => ({ lever: lever.name, verb: 'back' })));
  return {
    environment: armed.environment,
    service: armed.service.name,
    baseline: baseline.id,
    differences: differ,
    rungs: numbered,
    leftOut,
    unseen: unseenIn(input),
    deadlineSeconds: deadlineSeconds(armed.service, pulls),
  };
}

const applyStep = (armed: ArmedService, id: string, { found, ...pulled }: Pulled): PlannedStep => ({
  id,
  phase: 'apply',
  ...pulled,
  target: targetOf(pulled.lever),
  manual: manualStep(armed, { lever: pulled.lever, to: pulled.to.value, found }),
});
