/** Pods that load an alias when they start are restarted once it has moved. */
import { OutsideRefusal, OutsideTrouble } from '../../../core/errors.ts';
import type { AliasLever } from '../../../core/service.ts';
import type { Order } from '../../../ports/lever.ts';
import type { KubeAnswer } from '../../kubernetes/answers.ts';
import type { Patch } from '../../kubernetes/client.ts';
import { MANAGER, tidyPatch } from '../rollout/patches.ts';
import { isReplaced, isSeen, RESTARTED_AT, type Restart, restartIn } from './replaced.ts';
import { type Found, named, objectOf, podsOf, type WorkloadPlace, workloadAt } from './workload.ts';

/** Who asks, and for what: `recommender@champion=3`. The same again is the same restart. */
export interface RestartOrder {
  readonly incident: string;
  readonly fence: number;
  readonly what: string;
}

const NOTE = `${MANAGER}/restart`;

/** What a restart is for: the same alias at the same version in the same incident needs one. */
export const restartOrderOf = ({ model, alias }: AliasLever, order: Order): RestartOrder => ({
  incident: order.incident,
  fence: order.fence,
  what: `${model}@${alias}=${order.to ?? ''}`,
});

/** What takes longer goes on without us: the lever's cache time says how long pods take. */
const WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 500;

/** Asks for it once, and waits for the pods a while. @throws OutsideRefusal, OutsideTrouble */
export async function restart(place: WorkloadPlace, order: RestartOrder): Promise<void> {
  const found = await workloadAt(place);
  refusePaused(place, found);
  const asked = askedBefore(found, order) ?? (await ask(place, found, order));
  const after = await untilReplaced(place, asked);
  await tidy(place, after);
  if (isSeen(after)) return;
  const why = `its controller has not seen generation ${after.object.metadata.generation} of it (is it running?)`;
  throw new OutsideTrouble(`Cannot restart the pods of ${named(place.workload)}: ${why}`);
}

/** Whoever paused a Deployment wants to look at something; a paused Rollout restarts its pods all the same. */
function refusePaused({ workload }: WorkloadPlace, { kind, object }: Found): void {
  if (kind !== 'deployment' || !object.spec.paused) return;
  const why = 'somebody paused it (spec.paused), and its controller moves no pods until they resume it';
  throw new OutsideRefusal(`Cannot restart the pods of ${named(workload)}: ${why}`);
}

/**
 * When this very restart was asked for, by an attempt before: it leaves a note on the object, and the spec still holds
 * that moment or a later one. A spec that was put back by somebody is asked again.
 */
function askedBefore(found: Found, order: RestartOrder): Restart | undefined {
  const [at = '', ...rest] = (found.object.metadata.annotations?.[NOTE] ?? '').split(' ');
  const stands = Date.parse(restartIn(found) ?? '') >= Date.parse(at);
  return stands && rest.join(' ') === noteOf(order) ? { at } : undefined;
}

const noteOf = ({ incident, what }: RestartOrder): string => `${incident} ${what}`;

async function ask(place: WorkloadPlace, found: Found, order: RestartOrder): Promise<Restart> {
  const at = await momentFor(place, found);
  const { uid } = found.object.metadata;
  const annotations = {
    [`${MANAGER}/incident`]: order.incident,
    [`${MANAGER}/fence`]: String(order.fence),
    [NOTE]: `${at} ${noteOf(order)}`,
  };
  const answer = await patch(place, {
    type: 'merge-patch',
    // Of an object that was made anew in between the uid is another one: refused, and looked at again.
    body: { metadata: { uid, annotations }, spec: specOf(found, at) },
  });
  if (answer.status !== 200) throw await refused(place, found, answer);
  return { at };
}

/** An annotation in the template of a Rollout would be a new version, and begin a canary: it has a field of its own. */
const specOf = ({ kind }: Found, at: string) =>
  kind === 'rollout'
    ? { restartAt: at }
    : { template: { metadata: { annotations: { [RESTARTED_AT]: at } } } };

/**
 * A Rollout restarts the pods that were made before a whole second, once that is over on its controller's clock. Where
 * ours is behind, pods of now would be left out: it is later than the newest of them.
 */
async function momentFor(place: WorkloadPlace, found: Found): Promise<string> {
  const now = place.clock.now();
  if (found.kind === 'deployment') return new Date(now).toISOString();
  const made = (await podsOf(place, found)).map(({ metadata }) =>
    Date.parse(metadata.creationTimestamp ?? ''),
  );
  const newest = Math.max(now, ...made.filter((at) => Number.isFinite(at)));
  return new Date(Math.floor(newest / 1000) * 1000 + 1000).toISOString().replace('.000Z', 'Z');
}

const patch = ({ client, workload }: WorkloadPlace, what: Patch): Promise<KubeAnswer> =>
  client.patch(objectOf(workload), { ...what, fieldManager: MANAGER });

/** Another uid is a broken rule to the cluster (422): only another look tells it from a field that it does not take. */
async function refused(
  place: WorkloadPlace,
  { object: { metadata } }: Found,
  { status, message }: Exclude<KubeAnswer, { status: 200 }>,
): Promise<Error> {
  const cannot = `Cannot restart the pods of ${named(place.workload)}`;
  const isAnew = status === 422 && (await workloadAt(place)).object.metadata.uid !== metadata.uid;
  if (isAnew) return new OutsideTrouble(`${cannot}: it was made anew while it was written`);
  const text = `${cannot}: the cluster answered ${status}: ${message}`;
  return status === 409 ? new OutsideTrouble(text) : new OutsideRefusal(text);
}

async function untilReplaced(place: WorkloadPlace, restarted: Restart): Promise<Found> {
  const { clock } = place;
  const endsAt = clock.now() + WITHIN_MS;
  for (;;) {
    const found = await workloadAt(place);
    if (isReplaced(found, restarted) || clock.now() + LOOK_EVERY_MS > endsAt) return found;
    await clock.sleep(LOOK_EVERY_MS);
  }
}

/** The controller writes at the same time, which moves the entries: three looks. */
const LOOKS = 3;

/** What is left of us in `managedFields` would stand in the way of the next apply or upgrade. */
async function tidy(place: WorkloadPlace, { object }: Found, looks = LOOKS): Promise<void> {
  const body = tidyPatch(object);
  const answer = body && (await patch(place, { type: 'json-patch', body }));
  if (answer && answer.status !== 200 && looks > 1) await tidy(place, await workloadAt(place), looks - 1);
}
