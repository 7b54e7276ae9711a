import type { EKSClient } from '@aws-sdk/client-eks';
import type { ArmedService } from '../../../core/service.ts';
import { type KubeClient, kubeClient } from '../../kubernetes/client.ts';
import { bearerFor, type ClusterDeps, placeOf } from '../../kubernetes/cluster.ts';
import { wireTo } from '../../kubernetes/wire.ts';
import type { HelmAccess } from './run.ts';

/** A cluster: the client that reads, and what Helm needs to reach the same one as the same person. */
export interface Connection {
  readonly client: KubeClient;
  access(): Promise<HelmAccess>;
}

/** @throws BadInput, OutsideRefusal, OutsideTrouble */
export async function connected(
  armed: ArmedService,
  cluster: string,
  deps: ClusterDeps & { readonly eks?: EKSClient },
): Promise<Connection> {
  const { endpoint, ca, auth } = await placeOf(armed, cluster, deps.eks);
  const bearer = bearerFor(auth, deps);
  return {
    client: kubeClient({ ...deps, cluster, wire: wireTo(endpoint, ca), bearer }),
    access: async () => ({ endpoint, ca, token: await bearer.token(false) }),
  };
}
