/** The controller of Argo Rollouts: what is written it sees a moment later, and not at all while it is down (F31). */
import type { MemoryRollout } from '../adapters/memory/rollout.ts';
import { controllerOf } from '../adapters/memory/rollout.ts';
import type { Chance } from './chance.ts';
import type { Scheduler } from './scheduler.ts';
import { CONTROLLER_SEES, type Witness } from './witness.ts';

interface ControllersProps {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly witness: Witness;
}

/** Tried on the real one (argo-rollouts 1.10.1): an abort 0.1 to 0.2 s, a promotion as long as pods take to start. */
const SEEN_MS = [50, 400] as const;
const PROMOTED_MS = [900, 3000] as const;

export class Controllers {
  /** Epoch ms. */
  downUntil = 0;
  readonly #props: ControllersProps;
  /** The version of each Rollout that was carried out last. */
  readonly #seen = new Map<string, number>();
  readonly #planned = new Set<string>();

  constructor(props: ControllersProps) {
    this.#props = props;
  }

  /** Until now what was written took effect at once. */
  begin(): void {
    for (const [target, rollout] of this.#rollouts()) {
      controllerOf(this.#props.witness.world, target, 'down');
      this.#seen.set(target, rollout.resourceVersion);
    }
  }

  /** Something may have been written. */
  notice(): void {
    for (const [target, rollout] of this.#rollouts()) {
      if (rollout.resourceVersion === this.#seen.get(target) || this.#planned.has(target)) continue;
      this.#planned.add(target);
      const { chance, scheduler } = this.#props;
      const [from, to] = isToBePromoted(rollout) ? PROMOTED_MS : SEEN_MS;
      const ms = chance.between(`${target} ${rollout.resourceVersion} carried out`, from, to);
      scheduler.after(ms, () => this.#carryOut(target));
    }
  }

  #carryOut(target: string): void {
    const { scheduler, witness } = this.#props;
    const down = this.downUntil - scheduler.clock.now();
    if (down > 0) {
      scheduler.after(down, () => this.#carryOut(target));
      return;
    }
    this.#planned.delete(target);
    const rollout = witness.world.rollouts.get(target);
    if (rollout) witness.somebody(`${CONTROLLER_SEES} ${target}`, () => this.#reconcile(target, rollout));
  }

  /** Its own write is one version more, which others' comparisons see. */
  #reconcile(target: string, rollout: MemoryRollout): void {
    const { world } = this.#props.witness;
    const before = statusOf(rollout);
    controllerOf(world, target, 'up');
    controllerOf(world, target, 'down');
    if (statusOf(rollout) !== before) rollout.resourceVersion += 1;
    this.#seen.set(target, rollout.resourceVersion);
  }

  #rollouts(): Iterable<[string, MemoryRollout]> {
    return this.#props.witness.world.rollouts;
  }
}

const isToBePromoted = ({ promoteFull, currentPodHash, stableRS }: MemoryRollout): boolean =>
  promoteFull && currentPodHash !== stableRS;

const statusOf = ({ currentPodHash, stableRS, abort, abortedAt, ...rest }: MemoryRollout): string =>
  [
    currentPodHash,
    stableRS,
    abort,
    abortedAt,
    rest.promoteFull,
    rest.canaryWeight,
    rest.observedGeneration,
  ].join();
