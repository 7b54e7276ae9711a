import type { EKSClient } from '@aws-sdk/client-eks';
import { sentenceOf } from '../../core/errors.ts';
import type { ClusterFinder } from '../../ports/cluster-finder.ts';
import { describeCluster } from './describe-cluster.ts';

/** A control plane that is well answers in a tenth of this; one that is out costs an incident no more. */
const WITHIN_MS = 1500;

export interface EksFinderProps {
  /** One that asks once. */
  readonly eks: EKSClient;
  /** Told of every answer that did not come. */
  readonly log: (sentence: string) => void;
  /** @default 1500 */
  readonly withinMs?: number;
}

/** Where EKS says that clusters are. */
export const eksFinder = ({ eks, log, withinMs = WITHIN_MS }: EksFinderProps): ClusterFinder => ({
  find: async (name) => {
    try {
      return await describeCluster(eks, name, AbortSignal.timeout(withinMs));
    } catch (error) {
      log(sentenceOf(error));
      throw error;
    }
  },
});
