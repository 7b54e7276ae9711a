import type { ClusterAddress } from '../core/cluster-addresses.ts';

/** Asks the control plane where a cluster is, for those who can go on without an answer. */
export interface ClusterFinder {
  /**
   * Where the EKS cluster of this name is now: one try, bounded in time.
   * @throws OutsideTrouble without an answer in time; OutsideRefusal, BadInput where asking again would not help
   */
  find(eks: string): Promise<ClusterAddress>;
}
