import { commitIn, sameCommit } from './git-lever.ts';
import type { Held } from './release.ts';
import type { Lever, LeverKind } from './service.ts';
import type { Workload } from './workload.ts';

/** Whether a value can be put: alias versions must exist, be READY and not be quarantined. */
export interface Candidate {
  readonly value: string;
  readonly fit: 'ready' | 'missing' | 'not-ready' | 'quarantined';
  readonly digest?: string;
  /** What its target would call it: Helm's revision 9 that is a rollback to 7 is `7`. @default - as it was asked */
  readonly meant?: string;
}

/** Who writes the spec of an object of Kubernetes: what settles a step there, and what would undo it. */
export type Owner =
  | { readonly kind: 'helm'; readonly release: string; readonly namespace: string }
  /** `namespace`: where the Application stands, where that is known. */
  | { readonly kind: 'argocd'; readonly application: string; readonly namespace?: string }
  /** `resource`: `<kind> <namespace>/<name>`, such as `Kustomization apps/churn`. */
  | { readonly kind: 'flux'; readonly resource: string };

/** How an Application of Argo CD puts what Git holds. */
export interface Sync {
  readonly application: string;
  /** Whether it syncs by itself. */
  readonly auto: boolean;
  /** Whether it undoes what is changed past Git. */
  readonly selfHeal: boolean;
  /** What writes the Application itself: `Application <name>` or `ApplicationSet <name>`. @default - people */
  readonly parent?: string;
  /** Argo CD's own word, such as `Healthy`; it may be stale where Git cannot be read. */
  readonly health: string;
  /** The incident that turned auto-sync off. @default - none of ours */
  readonly frozenBy?: string;
}

/** What stands at a target now. `revision` is the target's own counter, where it has one (SSM's Version). */
export interface Observation extends Held {
  readonly revision?: string;
  readonly candidate?: Candidate;
  /** @default - nobody but the people who apply it */
  readonly owner?: Owner;
  /** How far a Rollout is: an update under way, its update aborted, or one ReplicaSet that has everything. */
  readonly progress?: 'under-way' | 'aborted' | 'complete';
  /** Somebody else's run is under way on the target, and is taken for dead after this (epoch ms). */
  readonly busyUntil?: number;
  /** What the next change would start from, where that is not what serves. */
  readonly spec?: string;
  /** @default - no Application of Argo CD is named */
  readonly sync?: Sync;
  /** The ReplicaSets behind it, where it has any, and the weights of a router. */
  readonly workload?: Workload;
}

/** A lever pointed at a target, with what it is to hold: `null` takes an alias away. */
export interface PlannedStep {
  /** `<rung>.<n>` for a step, `<rung>.<n>.s<m>` for its settle steps; unique in an incident. */
  readonly id: string;
  readonly phase: 'apply' | 'settle';
  readonly lever: Lever;
  readonly target: string;
  readonly from: Held;
  readonly to: Held;
  /** What a person would type to do the same. */
  readonly manual: string;
  /** Who owns what is changed, and why the change will stand. @default - nobody else writes there */
  readonly because?: string;
}

/** How a step ended. Only `applied` and `already` took effect. */
export type StepOutcome = 'applied' | 'already' | 'failed' | 'conflict' | 'withheld' | 'not-begun';

/** What a step observed before, did, and observed after. Append-only. */
export interface Receipt {
  readonly step: string;
  readonly rung: number;
  readonly phase: PlannedStep['phase'];
  readonly lever: LeverKind;
  readonly name: string;
  readonly target: string;
  readonly to: string | null;
  readonly outcome: StepOutcome;
  readonly before?: Observation;
  readonly after?: Observation;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly cacheSeconds: number;
  readonly fence: number;
  /** Why it failed, was withheld, or what was noticed on the way. */
  readonly note?: string;
}

export const tookEffect = (receipt: Pick<Receipt, 'outcome'>): boolean =>
  receipt.outcome === 'applied' || receipt.outcome === 'already';

/**
 * When a rung has taken effect for users (epoch ms): the last receipt that moved them, and the cache of its readers.
 * @param receipts those of the rung. @returns nothing where no step of it took effect
 */
export function switchOf(receipts: readonly Receipt[]): number | undefined {
  const moved = receipts.filter((receipt) => tookEffect(receipt) && movesUsers(receipt));
  if (!moved.some(({ phase }) => phase === 'apply')) return undefined;
  return Math.max(...moved.map((receipt) => receipt.endedAt + receipt.cacheSeconds * 1000));
}

/** Settle steps move names and templates; one promotes the Rollout that Helm has put back, and users get that. */
const movesUsers = ({ phase, target }: Receipt): boolean =>
  phase === 'apply' || target.startsWith('rollout:');

/** What to do about a target, seen its state: nothing, act, or leave it to the person who moved it. */
export type Decision =
  | { readonly kind: 'already' }
  | { readonly kind: 'act' }
  | { readonly kind: 'conflict'; readonly why: string }
  | { readonly kind: 'unfit'; readonly why: string };

/**
 * Observe, then compare: a step acts only on the state its plan saw, never on somebody else's. What settles one, only
 * where the plan says upon what.
 * @param served what users are served now, where the target tells; a good registry with a bad server is not done.
 */
export function decide(
  step: PlannedStep,
  before: Observation,
  served: readonly string[] | undefined,
): Decision {
  const standsThere = standsAt(step, before);
  if (standsThere && (served === undefined || served.every((value) => value === step.to.value))) {
    return { kind: 'already' };
  }
  const stands = changedFrom(step, before);
  const isPlanned = step.phase === 'apply' || step.from.value !== null;
  if (isPlanned && stands !== step.to.value && !isAsPlanned(step, stands)) {
    return {
      kind: 'conflict',
      why: `expected ${say(step.from.value)} or ${say(step.to.value)}, found ${say(stands)}`,
    };
  }
  return unfit(step, before) ?? { kind: 'act' };
}

/** A branch is the spec itself: what is synced may be good for as long as nobody syncs again. */
export const standsAt = ({ lever, to }: PlannedStep, { value, spec }: Observation): boolean =>
  value === to.value && (lever.kind !== 'git' || spec === undefined || spec === to.value);

/** A sync that has gone on since the plan has moved nothing. */
const isAsPlanned = ({ lever, from }: PlannedStep, stands: string | null): boolean =>
  stands === from.value || (lever.kind === 'git' && sameCommit(stands, from.value));

/** What a change would replace: of a branch what Git holds, synced or not, where that can be read. */
export const changedFrom = (
  { lever }: Pick<PlannedStep, 'lever'>,
  { value, spec }: Observation,
): string | null => (lever.kind === 'git' && spec !== undefined ? (commitIn(spec) ?? value) : value);

/** A settle step may name the bad version itself (`rolled_back`), which is quarantined by then. */
function unfit(step: PlannedStep, { candidate }: Observation): Decision | undefined {
  const why = step.phase === 'apply' && candidate && step.to.value !== null && misfit(candidate, step.to);
  return why ? { kind: 'unfit', why } : undefined;
}

/** Why a value may not be put: it has to be there, ready, and the very artifact that was recorded (I3). */
export function misfit(candidate: Candidate, to: Held): string | undefined {
  const version = `version ${say(to.value)}`;
  if (candidate.fit !== 'ready') return `${version} is ${candidate.fit}`;
  if (to.digest === undefined || candidate.digest === to.digest) return undefined;
  return candidate.digest === undefined
    ? `${version} cannot be confirmed as the artifact that was recorded: its digest cannot be computed now`
    : `${version} is not the artifact that was recorded: its digest differs`;
}

export const say = (value: string | null): string => (value === null ? 'nothing' : `"${value}"`);
