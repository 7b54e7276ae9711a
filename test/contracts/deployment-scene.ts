import type { DeploymentLever } from '../../lib/core/service.ts';
import type { WorkloadScene } from './workload-lever.ts';

/** A Deployment somewhere. What is pushed has all pods, so that nothing of the one before is left. */
export interface DeploymentScene extends WorkloadScene<DeploymentLever> {
  /** One whose pods never become ready. @returns its hash, once it has a pod beside the old ones */
  pushBroken(version: string): Promise<string>;
  /** A change of the spec that is none of the template, as an autoscaler makes it. */
  touch(): Promise<void>;
  /** Hashes that have pods, once nothing moves any more. */
  settled(): Promise<string[]>;
}
