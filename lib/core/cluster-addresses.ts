import { clustersOf } from './alias-pods.ts';
import type { ClusterAddresses } from './release.ts';
import type { ArmedService, Cluster } from './service.ts';

/** Where a cluster's API server is; `ca` is PEM in base64. */
export type ClusterAddress = ClusterAddresses[string];

/** EKS refused to say where clusters are: somebody has to mend that, and the incident goes on with what was recorded. */
export interface AddressNote {
  readonly at: number;
  readonly refused: readonly { readonly cluster: string; readonly why: string }[];
}

/** Clusters by name with their names in EKS: those that a lever of the service needs, and whose file leaves the endpoint to EKS. */
export function clustersToAsk({ service, clusters = {} }: ArmedService): [name: string, eks: string][] {
  const used = new Set(service.levers.flatMap(clustersOf));
  return Object.entries(clusters).flatMap(([name, { eks, secret, endpoint, recorded }]) => {
    const isLeft = endpoint === undefined || recorded === true;
    return used.has(name) && eks !== undefined && secret === undefined && isLeft ? [[name, eks]] : [];
  });
}

/** Whether every cluster that EKS would be asked about is known without its answer. */
export const isReachable = (armed: ArmedService): boolean =>
  clustersToAsk(armed).every(([name]) => armed.clusters?.[name]?.endpoint && armed.clusters[name].ca);

/** The armed clusters where they are now, or nothing where none has moved. */
export function moved(
  { clusters = {} }: ArmedService,
  found: ClusterAddresses,
): NonNullable<ArmedService['clusters']> | undefined {
  const differ = Object.entries(found).filter(
    ([name, { endpoint, ca }]) => clusters[name]?.endpoint !== endpoint || clusters[name]?.ca !== ca,
  );
  if (differ.length === 0) return undefined;
  const news = differ.map(([name, address]): [string, Cluster] => [
    name,
    { ...clusters[name], ...address, recorded: true },
  ]);
  return { ...clusters, ...Object.fromEntries(news) };
}

/** The same in a sentence. */
export const unasked = (cluster: string, why: string): string =>
  `cluster ${cluster}: what was recorded of it is used: ${why}`;
