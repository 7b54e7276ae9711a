import { OutsideRefusal, OutsideTrouble } from '../../../core/errors.ts';
import type { DeploymentLever } from '../../../core/service.ts';
import type { Observation } from '../../../core/step.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { KubeClient } from '../../kubernetes/client.ts';
import {
  DEPLOYMENTS,
  type Deployment,
  deployment,
  REPLICA_SETS,
  type ReplicaSet,
  replicaSet,
} from '../../kubernetes/objects.ts';
import { isDeploymentObserved, objectIn, objectsIn, selectorOf } from '../../kubernetes/reading.ts';

/** Where a Deployment is read and written. */
export interface DeploymentPlace {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly lever: DeploymentLever;
}

/** A Deployment whose newest spec its controller has seen. */
export interface Seen {
  readonly deployment: Deployment;
  /** By pod-template-hash; those of this very Deployment. */
  readonly sets: ReadonlyMap<string, ReplicaSet>;
  /** The one that its controller goes to, or has come to. */
  readonly current: string;
  readonly progress: NonNullable<Observation['progress']>;
}

/** What the controller puts on a ReplicaSet, its pods and its selector. */
export const HASH_LABEL = 'pod-template-hash';
/** The same number on a Deployment and on the ReplicaSet that has its template. */
export const REVISION = 'deployment.kubernetes.io/revision';

/** How long a controller that runs may take to see a new spec: it takes a tenth of a second. */
const SEEN_WITHIN_MS = 3000;
export const LOOK_EVERY_MS = 250;

export const named = ({ deployment: name, namespace, cluster }: DeploymentLever): string =>
  `Deployment "${name}" in "${namespace}" of cluster "${cluster}"`;

/** What stands there, once the controller has seen the newest spec. @throws OutsideTrouble */
export async function seen(place: DeploymentPlace): Promise<Seen> {
  const { clock, lever } = place;
  const endsAt = clock.now() + SEEN_WITHIN_MS;
  for (;;) {
    const found = await read(place);
    const sets = isDeploymentObserved(found) ? await setsOf(place, found) : new Map<string, ReplicaSet>();
    const current = currentOf(found, sets);
    if (current !== undefined)
      return { deployment: found, sets, current, progress: progressOf(found, current, sets) };
    if (clock.now() + LOOK_EVERY_MS > endsAt) throw unseen(lever, found);
    await clock.sleep(LOOK_EVERY_MS);
  }
}

/** Hashes that have pods, and so may have requests. A pod that is being ended is not counted any more. */
export const peopled = ({ sets }: Pick<Seen, 'sets'>): string[] =>
  [...sets].filter(([, set]) => hasPods(set)).map(([hash]) => hash);

const hasPods = ({ status }: ReplicaSet): boolean => (status.replicas ?? 0) > 0;

async function read({ client, lever }: DeploymentPlace): Promise<Deployment> {
  const answer = await client.get({ of: DEPLOYMENTS, namespace: lever.namespace, name: lever.deployment });
  if (answer.status !== 200) throw new OutsideRefusal(`Cannot find ${named(lever)}: ${answer.message}`);
  return objectIn(deployment, answer.json, named(lever));
}

function unseen(lever: DeploymentLever, found: Deployment): OutsideTrouble {
  const why = isDeploymentObserved(found)
    ? 'it has no ReplicaSet of its newest revision'
    : `its controller has not seen generation ${found.metadata.generation} of it (is it running?)`;
  return new OutsideTrouble(`Cannot tell what ${named(lever)} holds: ${why}`);
}

async function setsOf(
  { client, lever }: DeploymentPlace,
  { metadata: { uid }, spec }: Deployment,
): Promise<Map<string, ReplicaSet>> {
  const labels = selectorOf(spec.selector?.matchLabels ?? {});
  const selector = [labels, HASH_LABEL].filter((text) => text !== '').join(',');
  const answer = await client.list(REPLICA_SETS, lever.namespace, selector);
  const what = `the ReplicaSets of ${named(lever)}`;
  if (answer.status !== 200) throw new OutsideRefusal(`Cannot list ${what}: ${answer.message}`);
  const own = objectsIn(replicaSet, answer.json, what).filter(({ metadata: { ownerReferences = [] } }) =>
    ownerReferences.some((owner) => owner.uid === uid),
  );
  return new Map(own.map((set) => [set.metadata.labels?.[HASH_LABEL] ?? '', set]));
}

/** A revision is one ReplicaSet's at a time: who comes back gets the next number. */
function currentOf({ metadata }: Deployment, sets: ReadonlyMap<string, ReplicaSet>): string | undefined {
  const revision = metadata.annotations?.[REVISION];
  const [hash] = [...sets].find(([, set]) => set.metadata.annotations?.[REVISION] === revision) ?? [];
  return revision === undefined ? undefined : hash;
}

/** As `kubectl rollout status` has it; and no other ReplicaSet has a pod. */
function progressOf(
  { spec, status }: Deployment,
  current: string,
  sets: ReadonlyMap<string, ReplicaSet>,
): Seen['progress'] {
  const { replicas: wanted = 1 } = spec;
  const counts = [status.replicas, status.updatedReplicas, status.availableReplicas];
  const isWhole = counts.every((count = 0) => count === wanted);
  const isAlone = [...sets].every(([hash, set]) => hash === current || !hasPods(set));
  return isWhole && isAlone ? 'complete' : 'under-way';
}
