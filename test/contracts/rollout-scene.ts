import type { RolloutLever } from '../../lib/core/service.ts';
import type { Order } from '../../lib/ports/lever.ts';
import type { WorkloadScene } from './workload-lever.ts';

/** A Rollout somewhere, its lever of part `traffic`. What is pushed stands at 10 %. */
export interface RolloutScene extends WorkloadScene<RolloutLever> {
  /** `promote --full` of the plugin. @returns once everything is served by the newest template */
  promote(): Promise<void>;
  abort(): Promise<void>;
  /** Percent of requests by hash, as the router is told. */
  shares(): Promise<Record<string, number>>;
  /** Waits until the newest template has everything, or until nothing moves any more. */
  settled(): Promise<{ readonly spec: string; readonly stable: string; readonly aborted: boolean }>;
}

/** An order to put `to` back, seen `from`. */
export const orderOf = (to: string, from: string): Order & { to: string } => ({
  to,
  incident: 'recommender-20261121T090000-0123abcd',
  fence: 7,
  before: { value: from },
});
