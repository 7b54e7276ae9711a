import type { EKSClient } from '@aws-sdk/client-eks';
import { OutsideRefusal } from '../../core/errors.ts';
import type { GitLever } from '../../core/service.ts';
import type { LeverPort, Levers } from '../../ports/lever.ts';
import type { Resolve } from '../addresses.ts';
import type { ClusterDeps } from '../kubernetes/cluster.ts';

export interface GitDeps extends ClusterDeps {
  /** Needed where the endpoint of an Application's cluster was not armed. */
  readonly eks?: EKSClient;
  readonly resolve?: Resolve;
}

/** A branch of a Git repository, and the Application of Argo CD that puts what it holds. */
export function git(_deps: GitDeps): Levers['git'] {
  return (): LeverPort<GitLever> => ({ observe: notBuilt, act: notBuilt, served: notBuilt });
}

const notBuilt = async (): Promise<never> => {
  throw new OutsideRefusal('Cannot use a git lever: not built yet');
};
