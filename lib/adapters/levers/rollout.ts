import type { EKSClient } from '@aws-sdk/client-eks';
import { OutsideRefusal } from '../../core/errors.ts';
import type { RolloutLever } from '../../core/service.ts';
import type { Candidate, Observation } from '../../core/step.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LeverPort, Levers } from '../../ports/lever.ts';
import type { Resolve } from '../addresses.ts';
import type { KubeClient } from '../kubernetes/client.ts';
import { clientsOf } from '../kubernetes/clients.ts';
import type { ClusterDeps } from '../kubernetes/cluster.ts';
import type { ReplicaSet } from '../kubernetes/objects.ts';
import { ownerOf } from './owner.ts';
import { act } from './rollout/act.ts';
import { allSetsOf, hashesOf, named, type RolloutPlace, seen } from './rollout/read.ts';
import { hashHeld } from './rollout/standing.ts';
import { digestOf } from './rollout/template.ts';
import { REVISION, workloadOf } from './rollout/workload.ts';
import { httpOf, readServed } from './served.ts';

export interface RolloutDeps extends ClusterDeps {
  /** Needed for an EKS cluster whose endpoint was not armed. */
  readonly eks?: EKSClient;
  readonly resolve?: Resolve;
}

/** An Argo Rollout: the requests it directs, or the template it goes on from. */
export function rollout(deps: RolloutDeps): Levers['rollout'] {
  return (armed) => {
    const http = httpOf(armed, deps.resolve);
    return rolloutPort({
      clock: deps.clock,
      clientOf: clientsOf(armed, deps),
      served: async ({ served }) => served && readServed(http, deps.clock, served),
    });
  };
}

/** What the lever needs of the outside: the same rules run over a cluster and over the twin of one. */
export interface RolloutPortDeps {
  readonly clock: Clock;
  readonly clientOf: (lever: RolloutLever) => Promise<KubeClient>;
  readonly served: LeverPort<RolloutLever>['served'];
}

/** The lever over a cluster, or over the twin of one. */
export function rolloutPort({ clock, clientOf, served }: RolloutPortDeps): LeverPort<RolloutLever> {
  const placeFor = async (lever: RolloutLever): Promise<RolloutPlace> => ({
    client: await clientOf(lever),
    clock,
    lever,
  });
  return {
    observe: async (lever, to) => observe(await placeFor(lever), to),
    act: async (lever, { to, ...order }) => {
      if (to === null) throw new OutsideRefusal(`Cannot empty ${named(lever)}: expected a pod-template-hash`);
      return act(await placeFor(lever), { ...order, to });
    },
    served,
    versions: async (lever) => hashesOf(await placeFor(lever)),
  };
}

async function observe(place: RolloutPlace, to?: string | null): Promise<Observation> {
  const found = await seen(place);
  const { current } = found.standing;
  const value = place.lever.part === 'spec' ? current : hashHeld(found.standing, to);
  const sets = await allSetsOf(place, found);
  const owner = ownerOf((found.workload ?? found.rollout).metadata);
  return {
    value,
    ...heldBy(sets.get(value)),
    progress: found.standing.progress,
    ...(owner && { owner }),
    ...(current !== value && { spec: current }),
    ...(to && { candidate: candidateOf(to, sets.get(to)) }),
    ...(place.lever.part === 'traffic' && { workload: workloadOf(found.rollout, sets, to) }),
  };
}

function heldBy(set: ReplicaSet | undefined): Pick<Observation, 'digest' | 'revision'> {
  const revision = set?.metadata.annotations?.[REVISION];
  return { ...(set && { digest: digestOf(set) }), ...(revision !== undefined && { revision }) };
}

/** Only a template that is still there can be put back: history is limited, and another tool keeps its own. */
const candidateOf = (value: string, set: ReplicaSet | undefined): Candidate =>
  set ? { value, fit: 'ready', digest: digestOf(set) } : { value, fit: 'missing' };
