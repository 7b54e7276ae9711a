import type { DeploymentLever } from '../../lib/core/service.ts';
import type { Owner } from '../../lib/core/step.ts';
import type { LeverPort } from '../../lib/ports/lever.ts';

/** A Deployment somewhere, with its controller, and with what a test needs to play everybody else. */
export interface DeploymentScene {
  readonly port: LeverPort<DeploymentLever>;
  readonly lever: DeploymentLever;
  /** Of the template that has all pods at first. */
  readonly good: string;
  /** A new template, as a CI job applies it. @returns its hash, once it has all pods */
  push(version: string): Promise<string>;
  /** One whose pods never become ready. @returns its hash, once it has a pod beside the old ones */
  pushBroken(version: string): Promise<string>;
  /** A new template; nothing is waited for. */
  pushUnseen(version: string): Promise<void>;
  /** `spec.paused` */
  pause(): Promise<void>;
  /** A change of the spec that is none of the template, as an autoscaler makes it. */
  touch(): Promise<void>;
  /** Makes it an object that this tool writes. */
  give(owner: Owner): Promise<void>;
  controller(state: 'up' | 'down'): Promise<void>;
  /** Hashes that have pods, once nothing moves any more. */
  settled(): Promise<string[]>;
  /** How many templates it knows: a rollback adds none. */
  templates(): Promise<number>;
  /** Who owns fields, status left out. */
  managers(): Promise<string[]>;
  /** Runs just before the lever's next patch. */
  beforePatch(what: () => Promise<unknown>): void;
  /** The next patch takes effect, its answer is lost. */
  losePatch(): void;
}
