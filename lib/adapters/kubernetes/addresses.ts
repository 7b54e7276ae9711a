import type { EKSClient } from '@aws-sdk/client-eks';
import { clustersOf } from '../../core/alias-pods.ts';
import type { ClusterAddresses } from '../../core/release.ts';
import type { ArmedService } from '../../core/service.ts';
import { placeOf } from './cluster.ts';

/**
 * Where the clusters of a service's levers are now, by name: kept with a baseline, so that an incident need not ask.
 * @throws OutsideRefusal, OutsideTrouble
 */
export async function addressesOf(armed: ArmedService, eks: EKSClient): Promise<ClusterAddresses> {
  const names = new Set(armed.service.levers.flatMap(clustersOf));
  const found = [...names].map(async (name) => {
    const { endpoint, ca } = await placeOf(armed, name, eks);
    return [name, { endpoint, ca }] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}
