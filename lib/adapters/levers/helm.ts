import type { EKSClient } from '@aws-sdk/client-eks';
import type { HelmLever } from '../../core/service.ts';
import type { LeverPort, Levers } from '../../ports/lever.ts';
import type { Resolve } from '../addresses.ts';
import { perCluster } from '../kubernetes/clients.ts';
import type { ClusterDeps } from '../kubernetes/cluster.ts';
import { connected } from './helm/connection.ts';
import { observeRelease, pull, servedBy, writerOf } from './helm/pull.ts';
import { releaseOn } from './helm/release.ts';
import type { RunHelm } from './helm/run.ts';
import { httpOf, readServed } from './served.ts';

export interface HelmDeps extends ClusterDeps {
  /** Needed where the endpoint of a cluster was not armed. */
  readonly eks?: EKSClient;
  readonly resolve?: Resolve;
  /** @default - this function only reads */
  readonly run?: RunHelm;
}

/** A Helm release. It is read from its Secrets and objects; the binary is run to roll back, and for nothing else. */
export function helm(deps: HelmDeps): Levers['helm'] {
  return (armed): LeverPort<HelmLever> => {
    const connectionTo = perCluster((cluster) => connected(armed, cluster, deps));
    const place = async (lever: HelmLever) => releaseOn(await connectionTo(lever), lever, deps);
    return {
      observe: async (lever, to) => observeRelease(await place(lever), to),
      owner: async (lever) => writerOf(await place(lever)),
      act: async (lever, order) => pull(await place(lever), order),
      served: async (lever) =>
        lever.served
          ? readServed(httpOf(armed, deps.resolve), deps.clock, lever.served)
          : servedBy(await place(lever)),
    };
  };
}
