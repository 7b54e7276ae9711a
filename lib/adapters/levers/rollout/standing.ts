import type { Observation } from '../../../core/step.ts';
import type { Rollout } from '../../kubernetes/objects.ts';

/** What the controller has made of a Rollout. Hashes are pod-template-hashes. */
export interface Standing {
  readonly progress: NonNullable<Observation['progress']>;
  /** Of the newest template. */
  readonly current: string;
  /** What the controller goes back to. @default - nothing before the first promotion */
  readonly stable: string | undefined;
  /** `promoteFull` is set, and the controller has begun to carry it out. */
  readonly promoting: boolean;
  /** Still has requests, though nothing more is asked: the router follows in a moment, or as pods become ready. */
  readonly leaving: string | undefined;
  /** Aborted, yet the active Service keeps the new pods: its switch waits until all of those are ready. */
  readonly stuck: boolean;
}

/** Expects a spec that the controller has seen: else its status tells of another one. */
export function standingOf(rollout: Rollout): Standing {
  const { currentPodHash: current = '', stableRS: stable } = rollout.status;
  const leaving = stable === current ? servedBeside(rollout, current) : undefined;
  return {
    progress: progressOf(rollout, leaving),
    current,
    stable,
    promoting: isPromoting(rollout),
    leaving,
    stuck: isStuck(rollout),
  };
}

/**
 * The hash that users must still be freed from. The wanted one only where it has everything, or is being given it:
 * an update to it that stands at 10 % leaves 90 % with the stable one.
 */
export function hashHeld(standing: Standing, to?: string | null): string {
  const { progress, current, stable = current, promoting, leaving } = standing;
  if (progress !== 'under-way') return stable;
  if (leaving !== undefined) return leaving;
  return current === to && !promoting ? stable : current;
}

/** Where `spec.paused` keeps an abort or a promotion from being carried out: `haltProgress` in rollout/context.go. */
export function haltsWhenPaused({ spec }: Rollout): boolean {
  const { canary } = spec.strategy ?? {};
  return !canary?.trafficRouting || canary.dynamicStableScale === true;
}

function progressOf(rollout: Rollout, leaving: string | undefined): Standing['progress'] {
  const { currentPodHash, stableRS } = rollout.status;
  if (stableRS === currentPodHash) return leaving === undefined ? 'complete' : 'under-way';
  return isAborted(rollout) ? 'aborted' : 'under-way';
}

/** Asked for, and carried out: a controller that is down, or holds still, takes nobody's requests away (F31). */
function isAborted(rollout: Rollout): boolean {
  const { spec, status } = rollout;
  if (!isTakenUp(rollout) || (spec.paused && haltsWhenPaused(rollout))) return false;
  const { canary, blueGreen } = spec.strategy ?? {};
  if (blueGreen) return status.blueGreen?.activeSelector === status.stableRS;
  return !canary?.trafficRouting || hasNoWeight(rollout);
}

/** An abort that the controller knows of. Degraded alone is none: an update that never becomes ready is that too. */
function isTakenUp({ status }: Rollout): boolean {
  const { abort = false, abortedAt, conditions = [] } = status;
  return abort && (abortedAt !== undefined || conditions.some(({ reason }) => reason === 'RolloutAborted'));
}

/** As written to the router; `verified` is only known of some. */
function hasNoWeight({ status }: Rollout): boolean {
  const { weights } = status.canary ?? {};
  if (!weights || weights.verified === false) return false;
  return [weights.canary, ...(weights.additional ?? [])].every(({ weight }) => weight === 0);
}

/** A hash other than the only wanted one that the router or the active Service still sends requests to. */
function servedBeside({ spec, status }: Rollout, hash: string): string | undefined {
  const { canary, blueGreen } = spec.strategy ?? {};
  if (blueGreen) return [status.blueGreen?.activeSelector].find((active) => active && active !== hash);
  const { weights } = (canary?.trafficRouting && status.canary) || {};
  if (!weights) return undefined;
  const busy = [weights.canary, weights.stable, ...(weights.additional ?? [])].filter((w) => w.weight > 0);
  return busy.map((w) => w.podTemplateHash).find((served) => served && served !== hash);
}

const isStuck = (rollout: Rollout): boolean =>
  rollout.spec.strategy?.blueGreen !== undefined &&
  !rollout.spec.paused &&
  isTakenUp(rollout) &&
  !isAborted(rollout);

/** The controller ends every pause and goes to the last step: `syncRolloutStatusCanary` in rollout/canary.go. */
function isPromoting({ spec, status }: Rollout): boolean {
  const { promoteFull = false, pauseConditions = [], currentStepIndex } = status;
  const steps = spec.strategy?.canary?.steps?.length ?? 0;
  const isAtTheEnd = steps === 0 || currentStepIndex === steps;
  return promoteFull && !spec.paused && pauseConditions.length === 0 && isAtTheEnd;
}
