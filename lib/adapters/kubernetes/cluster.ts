import type { EKSClient } from '@aws-sdk/client-eks';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ClusterAddress } from '../../core/cluster-addresses.ts';
import { BadInput, OutsideRefusal } from '../../core/errors.ts';
import type { ArmedService } from '../../core/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Bearer } from './attempts.ts';
import { kubeClient, type PodClient } from './client.ts';
import { describeCluster } from './describe-cluster.ts';
import { secretBearer } from './secret-token.ts';
import { type Credentials, eksBearer } from './token.ts';
import { wireTo } from './wire.ts';

/** A cluster as an adapter needs it: all that is asked goes to this endpoint, under this CA (PEM in base64). */
export interface ClusterPlace extends ClusterAddress {
  readonly name: string;
  readonly auth: ClusterAuth;
}

/** By a token for this EKS cluster, or by the one in this secret (ARN). */
export type ClusterAuth = { readonly eks: string; readonly region: string } | { readonly secret: string };

export interface ClusterDeps {
  readonly clock: Clock;
  /** Needed for a cluster with a secret. */
  readonly secrets?: SecretsManagerClient;
  /** @default - the SDK's own chain: in Lambda, the function's role */
  readonly credentials?: Credentials;
  /** @default Math.random */
  readonly random?: () => number;
}

/** A client that reaches this cluster and nothing else. @throws BadInput */
export function clusterClient(place: ClusterPlace, deps: ClusterDeps): PodClient {
  const wire = wireTo(place.endpoint, place.ca);
  return kubeClient({ ...deps, cluster: place.name, wire, bearer: bearerFor(place.auth, deps) });
}

/** What signs requests in: also what Helm is given, to be the same person. @throws OutsideRefusal */
export const bearerFor = (auth: ClusterAuth, deps: ClusterDeps): Bearer =>
  'secret' in auth ? secretBearer(auth.secret, deps.secrets) : eksBearer({ ...deps, ...auth });

/**
 * Where an armed cluster is: as it was armed, else as EKS says.
 * @param eks needed where endpoint or CA were not armed. @throws BadInput, OutsideRefusal, OutsideTrouble
 */
export async function placeOf(armed: ArmedService, name: string, eks?: EKSClient): Promise<ClusterPlace> {
  const cluster = armed.clusters?.[name];
  const refused = (why: string) => new OutsideRefusal(`Cannot reach cluster "${name}": ${why}`);
  if (!cluster) throw refused(`environment "${armed.environment}" has none of that name`);
  const { endpoint, ca } = cluster;
  const auth = authOf(name, cluster, armed.region);
  if (endpoint && ca) return { name, endpoint, ca, auth };
  if ('secret' in auth) throw refused('its environment gives no endpoint or no CA');
  if (!eks) throw refused('its endpoint was not armed, and this function cannot ask EKS');
  return { name, ...(await describeCluster(eks, auth.eks)), auth };
}

type Armed = NonNullable<ArmedService['clusters']>[string];

function authOf(name: string, { eks, secret }: Armed, region: string): ClusterAuth {
  if (secret !== undefined) return { secret };
  if (eks !== undefined) return { eks, region };
  throw new BadInput(
    `Cannot reach cluster "${name}": expected the name of an EKS cluster, or a secret with a token`,
  );
}
