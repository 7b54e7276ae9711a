import type { RolloutLever } from '../../lib/core/service.ts';
import type { Owner } from '../../lib/core/step.ts';
import type { LeverPort, Order } from '../../lib/ports/lever.ts';

/** A Rollout somewhere, with its controller, and with what a test needs to play everybody else. */
export interface RolloutScene {
  readonly port: LeverPort<RolloutLever>;
  /** Of part `traffic`. */
  readonly lever: RolloutLever;
  /** Of the template that serves everything at first. */
  readonly good: string;
  /** A new template, as a CI job applies it. @returns its hash, once the controller has seen it and it has 10 % */
  push(version: string): Promise<string>;
  /** The same, not waiting for the controller. */
  pushUnseen(version: string): Promise<void>;
  /** `promote --full` of the plugin. @returns once everything is served by the newest template */
  promote(): Promise<void>;
  abort(): Promise<void>;
  /** `spec.paused` */
  pause(): Promise<void>;
  /** Makes it an object that this tool writes. */
  give(owner: Owner): Promise<void>;
  /** Stops the controller for this Rollout, or lets it go on. */
  controller(state: 'up' | 'down'): Promise<void>;
  /** Percent of requests by hash, as the router is told. */
  shares(): Promise<Record<string, number>>;
  /** Waits until the newest template has everything, or until nothing moves any more. */
  settled(): Promise<{ readonly spec: string; readonly stable: string; readonly aborted: boolean }>;
  /** How many templates it knows: a rollback adds none. */
  templates(): Promise<number>;
  /** Who owns fields of the spec, status left out. */
  managers(): Promise<string[]>;
  /** Runs just before the lever's next patch. */
  beforePatch(what: () => Promise<unknown>): void;
  /** The next patch takes effect, its answer is lost. */
  losePatch(): void;
}

/** An order to put `to` back, seen `from`. */
export const orderOf = (to: string, from: string): Order & { to: string } => ({
  to,
  incident: 'recommender-20261121T090000-0123abcd',
  fence: 7,
  before: { value: from },
});
