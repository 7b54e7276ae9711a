import type { ArmedService, Lever, LeverKind } from '../core/service.ts';
import type { Observation, Owner } from '../core/step.ts';

/** What is asked of a lever: this value, on behalf of this incident, seen in this state before. */
export interface Order {
  readonly to: string | null;
  readonly incident: string;
  readonly fence: number;
  readonly before: Observation;
}

/** What acting told: the target's new revision, and a sentence when somebody wrote in between. */
export interface Acted {
  readonly revision?: string;
  readonly conflict?: string;
}

/**
 * One kind of lever on the real system. Idempotent: acting twice leaves what acting once does.
 * @throws OutsideTrouble when asking again may help; OutsideRefusal when it will not.
 */
export interface LeverPort<L extends Lever = Lever> {
  /** What stands at the target now; with `to`, also whether that value can be put. Reads only. */
  observe(lever: L, to?: string | null): Promise<Observation>;
  /**
   * Puts the value, and makes readers notice where they do not by themselves.
   * @throws StepStillRunning while the target itself is at it, and needs no more of us
   */
  act(lever: L, order: Order): Promise<Acted>;
  /**
   * What each serving instance uses now; `undefined` where the lever does not say where to read it. With `to`, what is
   * the same as that value is called by it: two commits may hold one content.
   */
  served(lever: L, to?: string | null): Promise<readonly string[] | undefined>;
  /** Who writes what the lever changes, where its own observation does not tell. @default - nobody else */
  owner?(lever: L): Promise<Owner | undefined>;
  /** Every value that requests may go to now, for those who count them. @default - those of the step */
  versions?(lever: L): Promise<readonly string[]>;
}

/** One adapter for every kind: complete by type. They are made for the armed service of an incident. */
export type Levers = { readonly [K in LeverKind]: (armed: ArmedService) => LeverPort<LeverOf<K>> };
/** The lever of one kind. */
export type LeverOf<K extends LeverKind> = Extract<Lever, { kind: K }>;

/** Marks a version at its own registry as suspected or quarantined, where the registry can carry it. */
export interface Marker {
  mark(armed: ArmedService, what: Mark): Promise<void>;
}

/** What is written at a registry beside a value. */
export interface Mark {
  readonly lever: Lever;
  readonly value: string;
  readonly state: 'suspected' | 'quarantined' | 'lifted';
  readonly incident: string;
  readonly fence: number;
  /** Epoch ms after which nothing more is written: the lease may be another's then. */
  readonly until?: number;
}
