import type { EKSClient } from '@aws-sdk/client-eks';
import { OutsideRefusal } from '../../core/errors.ts';
import type { DeploymentLever } from '../../core/service.ts';
import type { Candidate, Observation } from '../../core/step.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LeverPort, Levers } from '../../ports/lever.ts';
import type { Resolve } from '../addresses.ts';
import type { KubeClient } from '../kubernetes/client.ts';
import { clientsOf } from '../kubernetes/clients.ts';
import type { ClusterDeps } from '../kubernetes/cluster.ts';
import type { ReplicaSet } from '../kubernetes/objects.ts';
import { act } from './deployment/act.ts';
import { type DeploymentPlace, named, peopled, REVISION, type Seen, seen } from './deployment/read.ts';
import { workloadOf } from './deployment/workload.ts';
import { ownerOf } from './owner.ts';
import { digestOf } from './rollout/template.ts';
import { httpOf, readServed } from './served.ts';

export interface DeploymentDeps extends ClusterDeps {
  /** Needed for an EKS cluster whose endpoint was not armed. */
  readonly eks?: EKSClient;
  readonly resolve?: Resolve;
}

/** A plain Deployment: the template of an earlier ReplicaSet is put back. */
export function deployment(deps: DeploymentDeps): Levers['deployment'] {
  return (armed) => {
    const http = httpOf(armed, deps.resolve);
    return deploymentPort({
      clock: deps.clock,
      clientOf: clientsOf(armed, deps),
      told: async ({ served }) => (served ? readServed(http, deps.clock, served) : []),
    });
  };
}

/** What the lever needs of the outside: the same rules run over a cluster and over the twin of one. */
export interface DeploymentPortDeps {
  readonly clock: Clock;
  readonly clientOf: (lever: DeploymentLever) => Promise<KubeClient>;
  /** What instances say themselves; nothing where the lever does not say where. */
  readonly told: (lever: DeploymentLever) => Promise<readonly string[]>;
}

/** The lever over a cluster, or over the twin of one. */
export function deploymentPort({ clock, clientOf, told }: DeploymentPortDeps): LeverPort<DeploymentLever> {
  const placeFor = async (lever: DeploymentLever): Promise<DeploymentPlace> => ({
    client: await clientOf(lever),
    clock,
    lever,
  });
  return {
    observe: async (lever, to) => observed(await seen(await placeFor(lever)), to),
    act: async (lever, { to, ...order }) => {
      if (to === null) throw new OutsideRefusal(`Cannot empty ${named(lever)}: expected a pod-template-hash`);
      return act(await placeFor(lever), { ...order, to });
    },
    served: async (lever) => {
      const [said, found] = await Promise.all([told(lever), seen(await placeFor(lever))]);
      return [...said, ...peopled(found).filter((hash) => !said.includes(hash))];
    },
    versions: async (lever) => [...(await seen(await placeFor(lever))).sets.keys()],
  };
}

function observed(seen: Seen, to?: string | null): Observation {
  const { deployment: found, sets, current, progress } = seen;
  const owner = ownerOf(found.metadata);
  return {
    value: current,
    ...heldBy(sets.get(current)),
    progress,
    ...(owner && { owner }),
    ...(to && { candidate: candidateOf(to, sets.get(to)) }),
    workload: workloadOf(seen, to),
  };
}

function heldBy(set: ReplicaSet | undefined): Pick<Observation, 'digest' | 'revision'> {
  const revision = set?.metadata.annotations?.[REVISION];
  return { ...(set && { digest: digestOf(set) }), ...(revision !== undefined && { revision }) };
}

/** Only a template that is still there can be put back: `revisionHistoryLimit` keeps ten. */
const candidateOf = (value: string, set: ReplicaSet | undefined): Candidate =>
  set ? { value, fit: 'ready', digest: digestOf(set) } : { value, fit: 'missing' };
