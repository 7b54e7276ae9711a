import { OutsideRefusal, OutsideTrouble } from '../../../core/errors.ts';
import { say } from '../../../core/step.ts';
import type { Acted, Order } from '../../../ports/lever.ts';
import type { KubeAnswer } from '../../kubernetes/answers.ts';
import { DEPLOYMENTS, type ReplicaSet } from '../../kubernetes/objects.ts';
import { ownerOf } from '../owner.ts';
import { ownedBy } from '../rollout/choose.ts';
import { annotated, MANAGER, type Operation, test, tidyPatch } from '../rollout/patches.ts';
import { templateOf } from '../rollout/template.ts';
import { type DeploymentPlace, HASH_LABEL, LOOK_EVERY_MS, named, type Seen, seen } from './read.ts';

/** An order for a hash: a Deployment cannot hold nothing. */
type HashOrder = Order & { readonly to: string };

/** Somebody may write in between, the autoscaler among them. */
const ROUNDS = 3;
/** What takes longer goes on without us: the lever's cache time says how long pods take. */
const PODS_WITHIN_MS = 12_000;

/** Looks, decides, and writes under the very state that was looked at. */
export async function act(place: DeploymentPlace, order: HashOrder): Promise<Acted> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const found = await seen(place);
    if (found.current === order.to) return ended(place, found, order.to);
    const conflict = conflictIn(found, order);
    if (conflict !== undefined) return { conflict: `${named(place.lever)} ${conflict}` };
    refusePaused(place, found);
    const answer = await patch(place, templatePatch(found, setIn(place, found, order.to), order));
    if (answer.status === 200) return ended(place, await seen(place), order.to);
    await refuseLasting(place, found, answer);
  }
  throw new OutsideTrouble(`Cannot change ${named(place.lever)}: it kept changing while it was written`);
}

function conflictIn({ deployment, current }: Seen, { before }: HashOrder): string | undefined {
  const owner = ownerOf(deployment.metadata);
  if (owner) return ownedBy(owner);
  if (current === before.value) return undefined;
  return `was moved to ${say(current)} in between; it was left as it is`;
}

/** Whoever paused it wants to look at something: its controller would not take up a template before they are done. */
function refusePaused({ lever }: DeploymentPlace, { deployment }: Seen): void {
  if (!deployment.spec.paused) return;
  const why = 'somebody paused it (spec.paused), and its controller moves no pods until they resume it';
  throw new OutsideRefusal(`Cannot change ${named(lever)}: ${why}`);
}

function setIn({ lever }: DeploymentPlace, { sets }: Seen, hash: string): ReplicaSet {
  const set = sets.get(hash);
  if (set) return set;
  const why = 'its ReplicaSet is gone (spec.revisionHistoryLimit)';
  throw new OutsideRefusal(`Cannot put "${hash}" back in ${named(lever)}: ${why}`);
}

/** The controller compares templates but for the hash, and so takes that ReplicaSet up again. */
function templatePatch({ deployment: { metadata } }: Seen, set: ReplicaSet, order: HashOrder): Operation[] {
  const { incident, fence } = order;
  return [
    test('/metadata/uid', metadata.uid),
    test('/metadata/generation', metadata.generation),
    { op: 'replace', path: '/spec/template', value: templateOf(set, HASH_LABEL) },
    ...annotated(metadata, { incident, fence: String(fence) }),
  ];
}

const patch = ({ client, lever }: DeploymentPlace, body: readonly Operation[]): Promise<KubeAnswer> =>
  client.patch(
    { of: DEPLOYMENTS, namespace: lever.namespace, name: lever.deployment },
    { type: 'json-patch', body, fieldManager: MANAGER },
  );

/** A test that did not hold and a schema that was broken answer alike: only another look tells them apart. */
async function refuseLasting(
  place: DeploymentPlace,
  { deployment: { metadata } }: Seen,
  { status, message }: Exclude<KubeAnswer, { status: 200 }>,
): Promise<void> {
  const cannot = `Cannot change ${named(place.lever)}`;
  if (status === 404) throw new OutsideRefusal(`${cannot}: ${message}`);
  const { metadata: now } = (await seen(place)).deployment;
  if (status === 422 && now.uid === metadata.uid && now.generation === metadata.generation) {
    throw new OutsideRefusal(`${cannot}: the cluster refuses the change: "${message}"`);
  }
}

/** The template is there: its pods are waited for, and then nothing of it is ours any more. */
async function ended(place: DeploymentPlace, begun: Seen, to: string): Promise<Acted> {
  const { clock } = place;
  const endsAt = clock.now() + PODS_WITHIN_MS;
  let found = begun;
  while (found.current === to && found.progress !== 'complete' && clock.now() < endsAt) {
    refusePaused(place, found);
    await clock.sleep(LOOK_EVERY_MS);
    found = await seen(place);
  }
  await tidy(place, found);
  return {};
}

/** The controller writes at the same time, which moves the entries: three looks. */
const LOOKS = 3;

/** What is left of us in `managedFields` would stand in the way of the next apply. */
async function tidy(place: DeploymentPlace, { deployment }: Seen, looks = LOOKS): Promise<void> {
  const body = tidyPatch(deployment);
  const answer = body && (await patch(place, body));
  if (answer && answer.status !== 200 && looks > 1) await tidy(place, await seen(place), looks - 1);
}
