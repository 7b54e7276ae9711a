import type { MemoryWorld } from '../../adapters/memory/world.ts';
import type { Lever } from '../../core/service.ts';
import type { Owner } from '../../core/step.ts';

/** How far a bad release has come when it is noticed. A `canary` is what users get a part of, where that can be. */
export type Stage = 'canary' | 'complete';

/** How the targets of one kind of lever live in a world. They know nothing of an incident. */
export interface Target<L extends Lever = Lever> {
  /** Puts it there, as it was one good release ago. @param owner who writes its spec, where that is somebody's */
  make(world: MemoryWorld, lever: L, owner: Owner | undefined): void;
  /** The newest good release, in full. */
  renew(world: MemoryWorld, lever: L): void;
  /**
   * What it holds, by target; what settle steps move is among it.
   * @param good values that baselines hold
   */
  held(
    world: MemoryWorld,
    lever: L,
    good: ReadonlySet<string>,
  ): readonly (readonly [string, string | null])[];
  /** What users get of it. */
  served(world: MemoryWorld, lever: L): readonly string[];
  /** A bad release, which users get at once. @returns the values it put, by target */
  ship(world: MemoryWorld, lever: L, stage: Stage): ReadonlyMap<string, string>;
  /** Somebody puts a value, where that is still possible. */
  put(world: MemoryWorld, lever: L, value: string): void;
  /** A value of somebody's own, neither good nor known to be bad. */
  own(world: MemoryWorld, lever: L): string;
  /** A value is deleted, as by a retention job (F23, F35); nothing where values are only text. */
  forget(world: MemoryWorld, lever: L, value: string): void;
}
