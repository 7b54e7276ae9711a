import type { EKSClient } from '@aws-sdk/client-eks';
import type { ArmedService } from '../../core/service.ts';
import type { PodClient } from './client.ts';
import { type ClusterDeps, clusterClient, placeOf } from './cluster.ts';

type InCluster = { readonly cluster: string };

/** One of what `make` makes for each cluster, kept while it works. */
export function perCluster<T>(make: (cluster: string) => Promise<T>): (lever: InCluster) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return ({ cluster }) => {
    const one = made.get(cluster) ?? make(cluster);
    made.set(cluster, one);
    one.catch(() => made.delete(cluster));
    return one;
  };
}

/** The clients of a service's clusters. */
export const clientsOf = (
  armed: ArmedService,
  deps: ClusterDeps & { readonly eks?: EKSClient },
): ((lever: InCluster) => Promise<PodClient>) =>
  perCluster(async (name) => clusterClient(await placeOf(armed, name, deps.eks), deps));
