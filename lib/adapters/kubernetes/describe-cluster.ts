import { type Cluster, DescribeClusterCommand, type EKSClient } from '@aws-sdk/client-eks';
import type { ClusterAddress } from '../../core/cluster-addresses.ts';
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import { nameOf, outside } from '../aws-errors.ts';
import { eksNameChecked } from './names.ts';

/**
 * Asks EKS where a cluster is.
 * @param abortSignal ends the wait. @throws BadInput, OutsideTrouble, OutsideRefusal
 */
export async function describeCluster(
  eks: EKSClient,
  name: string,
  abortSignal?: AbortSignal,
): Promise<ClusterAddress> {
  const action = `find EKS cluster "${eksNameChecked(name)}"`;
  try {
    const { cluster } = await eks.send(
      new DescribeClusterCommand({ name }),
      abortSignal ? { abortSignal } : {},
    );
    return addressOf(action, cluster ?? {});
  } catch (error) {
    throw explained(action, error);
  }
}

function addressOf(action: string, { endpoint, certificateAuthority, status }: Cluster): ClusterAddress {
  const ca = certificateAuthority?.data;
  if (endpoint && ca) return { endpoint, ca };
  const text = `Cannot ${action}: it is ${status ?? 'in no state'} and has no endpoint`;
  throw status === 'CREATING' ? new OutsideTrouble(text) : new OutsideRefusal(text);
}

/** Names of https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html */
function explained(action: string, error: unknown): Error {
  const cause = { cause: error };
  if (nameOf(error) === 'ResourceNotFoundException') {
    return new OutsideRefusal(`Cannot ${action}: this account and region have none of that name`, cause);
  }
  if (nameOf(error) === 'AccessDeniedException') {
    return new OutsideRefusal(`Cannot ${action}: this role lacks the permission eks:DescribeCluster`, cause);
  }
  return outside(action, error);
}
