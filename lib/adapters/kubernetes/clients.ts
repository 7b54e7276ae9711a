import type { EKSClient } from '@aws-sdk/client-eks';
import type { ArmedService } from '../../core/service.ts';
import type { KubeClient } from './client.ts';
import { type ClusterDeps, clusterClient, placeOf } from './cluster.ts';

/** One client for each cluster of a service, kept while it works. */
export function clientsOf(
  armed: ArmedService,
  deps: ClusterDeps & { readonly eks?: EKSClient },
): (lever: { readonly cluster: string }) => Promise<KubeClient> {
  const clients = new Map<string, Promise<KubeClient>>();
  const make = async (name: string) => clusterClient(await placeOf(armed, name, deps.eks), deps);
  return ({ cluster }) => {
    const client = clients.get(cluster) ?? make(cluster);
    clients.set(cluster, client);
    client.catch(() => clients.delete(cluster));
    return client;
  };
}
