/** What every pod of a workload serves, as each says itself: a service's address would show one of them. */

import type { ServedByPods } from '../../../core/alias-pods.ts';
import { OutsideTrouble, sentenceOf } from '../../../core/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import { excerpt, jsonOf } from '../../http.ts';
import type { Pod } from '../../kubernetes/objects.ts';
import { valuesIn } from '../served.ts';
import { podsOf, type WorkloadPlace, workloadAt } from './workload.ts';

/**
 * More pods than this are not read: at some 10 ms each, twenty side by side, these take a tenth of a second, and where
 * each takes its whole time the budget below ends it.
 */
export const MOST_PODS = 200;
const SIDE_BY_SIDE = 20;
/** Functions that read have 25 s for all they do. */
const WITHIN_MS = 8000;

/**
 * One value for each pod that may have requests, and a sentence in its place where it cannot be read: never good. So is
 * no pod at all. @throws OutsideTrouble, OutsideRefusal where the cluster does not say which pods there are
 */
export async function servedByPods(place: WorkloadPlace, served: ServedByPods): Promise<string[]> {
  const pods = (await podsOf(place, await workloadAt(place))).filter(mayServe);
  if (pods.length === 0) return ['no pod is running'];
  if (pods.length > MOST_PODS)
    return [`${pods.length} pods are running: more than ${MOST_PODS} are not read`];
  const endsAt = place.clock.now() + WITHIN_MS;
  const read = (one: Pod) => valuesOf(place, served, { pod: one, endsAt });
  return (await eachOf(pods, read)).flat();
}

/**
 * A pod that is ending serves until it is gone: connections stay open, and routers lag. One that is not ready may have
 * loaded before the alias moved, and become ready yet. Without a container that runs there is nothing to ask, nor after
 * the last one has ended (an evicted pod stays as an object).
 */
const mayServe = ({ status: { phase = 'Running' } }: Pod): boolean =>
  phase !== 'Pending' && phase !== 'Succeeded' && phase !== 'Failed';

interface Turn {
  readonly pod: Pod;
  readonly endsAt: number;
}

async function valuesOf(
  { client, clock }: WorkloadPlace,
  { port, path, json }: ServedByPods,
  { pod: { metadata }, endsAt }: Turn,
): Promise<string[]> {
  const { namespace, name } = metadata;
  const state = metadata.deletionTimestamp === undefined ? '' : ', which is ending,';
  try {
    refuseLate(clock, endsAt);
    const answer = await client.ask({ namespace, name, port, path });
    if (answer.status >= 200 && answer.status < 300)
      return valuesIn(json, jsonOf(POD_URL + path, answer), path);
    throw new OutsideTrouble(`it answered ${answer.status} "${excerpt(answer.text)}"`);
  } catch (error) {
    return [`pod ${name}${state} cannot be read: ${sentenceOf(error)}`.slice(0, LONGEST_SENTENCE)];
  }
}

/** For messages: pods have no address that means anything outside. */
const POD_URL = 'http://pod';
const LONGEST_SENTENCE = 300;

function refuseLate(clock: Clock, endsAt: number): void {
  if (clock.now() >= endsAt) throw new OutsideTrouble(`the ${WITHIN_MS / 1000} s for all pods are over`);
}

/** Some at a time, in the order given. */
async function eachOf<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const turns = [...items.entries()][Symbol.iterator]();
  const worker = async () => {
    for (const [at, item] of turns) results[at] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, items.length) }, worker));
  return results;
}
