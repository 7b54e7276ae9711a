import { OutsideRefusal, OutsideTrouble } from '../../../core/errors.ts';
import { printable } from '../../../core/printable.ts';
import type { RolloutLever } from '../../../core/service.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { KubeClient } from '../../kubernetes/client.ts';
import {
  DEPLOYMENTS,
  type Deployment,
  deployment,
  REPLICA_SETS,
  type ReplicaSet,
  ROLLOUTS,
  type Rollout,
  replicaSet,
  rollout,
} from '../../kubernetes/objects.ts';
import { isObserved, objectIn, objectsIn, selectorOf } from '../../kubernetes/reading.ts';
import { type Standing, standingOf } from './standing.ts';
import { HASH_LABEL } from './template.ts';

/** Where a Rollout is read and written. */
export interface RolloutPlace {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly lever: RolloutLever;
}

/** A Rollout, and the Deployment that holds its template where a `workloadRef` names one. */
export interface Seen {
  readonly rollout: Rollout;
  readonly workload?: Deployment;
  readonly standing: Standing;
}

/** How long a controller that runs may take to see a new spec: it takes a tenth of a second. */
export const SEEN_WITHIN_MS = 3000;
export const LOOK_EVERY_MS = 250;

export const named = ({ rollout: name, namespace, cluster }: RolloutLever): string =>
  `Rollout "${name}" in "${namespace}" of cluster "${cluster}"`;

/** What stands there, once the controller has seen the newest spec and the router follows. @throws OutsideTrouble */
export async function seen(place: RolloutPlace, withinMs = SEEN_WITHIN_MS): Promise<Seen> {
  const { clock, lever } = place;
  const endsAt = clock.now() + withinMs;
  for (;;) {
    const found = await read(place);
    const hindrance = hindranceOf(lever, found);
    const standing = standingOf(found.rollout);
    const isLast = clock.now() + LOOK_EVERY_MS > endsAt;
    if (!hindrance && (isLast || standing.leaving === undefined)) return { ...found, standing };
    if (hindrance && isLast) throw hindrance;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

type Read = Omit<Seen, 'standing'>;

async function read(place: RolloutPlace): Promise<Read> {
  const { client, lever } = place;
  const { namespace, rollout: name } = lever;
  const answer = await client.get({ of: ROLLOUTS, namespace, name });
  if (answer.status !== 200) throw new OutsideRefusal(`Cannot find ${named(lever)}: ${answer.message}`);
  const found = objectIn(rollout, answer.json, named(lever));
  const ref = found.spec.workloadRef;
  return ref ? { rollout: found, workload: await workloadOf(place, ref) } : { rollout: found };
}

/** Why its status cannot be used as it is now. */
function hindranceOf(lever: RolloutLever, found: Read): Error | undefined {
  const { metadata, status } = found.rollout;
  const cannot = `Cannot tell what ${named(lever)} holds`;
  // Of a spec that it calls invalid the controller does nothing at all.
  const invalid = status.conditions?.find(({ type }) => type === 'InvalidSpec');
  if (invalid) {
    return new OutsideRefusal(`${cannot}: its controller calls the spec invalid: ${quoted(invalid.message)}`);
  }
  if (!isObserved(found.rollout) || !isWorkloadObserved(found)) {
    const newest = found.workload?.metadata.generation ?? metadata.generation;
    const why = `its controller has not seen generation ${newest} of the template (is it running?)`;
    return new OutsideTrouble(`${cannot}: ${why}`);
  }
  return status.currentPodHash ? undefined : new OutsideTrouble(`${cannot}: it has no pods yet`);
}

export const quoted = (text = ''): string => `"${printable(text).replace(/\s+/g, ' ').trim().slice(0, 300)}"`;

/** A new template in the Deployment changes neither the Rollout's spec nor its generation. */
const isWorkloadObserved = ({ rollout: { status }, workload }: Read): boolean =>
  !workload || status.workloadObservedGeneration === String(workload.metadata.generation);

async function workloadOf(
  { client, lever }: RolloutPlace,
  { kind, name }: { kind: string; name: string },
): Promise<Deployment> {
  const what = `${kind} "${name}", from which ${named(lever)} takes its template`;
  if (kind !== 'Deployment') throw new OutsideRefusal(`Cannot use ${what}: expected a Deployment`);
  const answer = await client.get({ of: DEPLOYMENTS, namespace: lever.namespace, name });
  if (answer.status !== 200) throw new OutsideRefusal(`Cannot find ${what}: ${answer.message}`);
  return objectIn(deployment, answer.json, what);
}

/** The ReplicaSets of these hashes that belong to this very Rollout, by hash. */
export async function replicaSetsOf(
  place: RolloutPlace,
  found: Seen,
  hashes: readonly string[],
): Promise<Map<string, ReplicaSet>> {
  // What is no hash cannot be a label either, and must not become a selector of its own.
  const wanted = [...new Set(hashes)].filter((hash) => /^[a-z0-9]{1,63}$/.test(hash));
  if (wanted.length === 0) return new Map();
  return ownSets(place, found, `${HASH_LABEL} in (${wanted.join(',')})`);
}

/** Every ReplicaSet of this very Rollout, by hash; a namespace may hold those of many others. */
export function allSetsOf(place: RolloutPlace, found: Read): Promise<Map<string, ReplicaSet>> {
  const { matchLabels = {} } = found.rollout.spec.selector ?? {};
  return ownSets(place, found, [selectorOf(matchLabels), HASH_LABEL].filter((text) => text !== '').join(','));
}

/** The hashes of all pods that may be there still: of every ReplicaSet, also those that are being emptied. */
export async function hashesOf(place: RolloutPlace): Promise<string[]> {
  return [...(await allSetsOf(place, await read(place))).keys()];
}

async function ownSets(
  { client, lever }: RolloutPlace,
  { rollout: { metadata } }: Read,
  selector: string,
): Promise<Map<string, ReplicaSet>> {
  const answer = await client.list(REPLICA_SETS, lever.namespace, selector);
  if (answer.status !== 200)
    throw new OutsideRefusal(`Cannot list the ReplicaSets of ${named(lever)}: ${answer.message}`);
  const found = objectsIn(replicaSet, answer.json, `the ReplicaSets of ${named(lever)}`);
  const own = found.filter(({ metadata: { ownerReferences = [] } }) =>
    ownerReferences.some(({ uid }) => uid === metadata.uid),
  );
  return new Map(own.map((set) => [set.metadata.labels?.[HASH_LABEL] ?? '', set]));
}
