import type { HelmLever } from '../../lib/core/service.ts';
import type { LeverPort, Order } from '../../lib/ports/lever.ts';

/** A release somewhere, with what a test needs to stand beside it. It runs one Deployment with one image. */
export interface HelmPlace {
  readonly port: LeverPort<HelmLever>;
  readonly lever: HelmLever;
  /** `Deployment/<name>` */
  readonly workload: string;
  /** `helm upgrade` to this image. `unready`: it waits for pods that never become ready, and fails. */
  upgrade(image: string, how?: 'complete' | 'unready'): Promise<void>;
  /** `helm rollback` by a person; without a revision as Helm takes it then. */
  rollBack(revision?: number): Promise<void>;
  /** A run that died: its revision is the newest one, and pending since now; none of its objects was sent. */
  leavePending(run: { readonly upgrade: string } | { readonly rollback: number }): Promise<void>;
  /** Our own next run dies after it wrote its revision and before it sent anything. */
  dieNext(): void;
  /** The API refuses what our own next run sends. */
  refuseNext(): Promise<void>;
  /** `kubectl set image`. */
  setImage(image: string): Promise<void>;
  liveImage(): Promise<string>;
  /** Deletes a revision, as pruning does. */
  prune(revision: number): Promise<void>;
  /** `<number> <status>` of each, oldest first. */
  history(): Promise<string[]>;
  pass(ms: number): void;
}

export interface Images {
  readonly good: string;
  readonly bad: string;
  readonly other: string;
}

/** To revision 1, where 2 was seen. */
export const orderOf = (over: Partial<Order> = {}): Order => ({
  to: '1',
  incident: 'recommender-20261121T090000-0123abcd',
  fence: 7,
  before: { value: '2' },
  ...over,
});
