import { OutsideRefusal, OutsideTrouble } from '../../../core/errors.ts';
import type { Acted, Order } from '../../../ports/lever.ts';
import type { KubeAnswer } from '../../kubernetes/answers.ts';
import { ownerOf } from '../owner.ts';
import { type Choice, chooseSpec, chooseTraffic, type Verb } from './choose.ts';
import { effectOf } from './effect.ts';
import { abortPatch, promotePatch, templatePatch, testsOf, unpausePatch } from './patches.ts';
import { named, type RolloutPlace, replicaSetsOf, type Seen, seen } from './read.ts';
import { haltsWhenPaused } from './standing.ts';
import { tidy } from './tidy.ts';
import { patchSpec, patchStatus } from './write.ts';

/** An order for a hash: a Rollout cannot hold nothing. */
export type HashOrder = Order & { readonly to: string };

/** Template, promotion and a last look are three; the others are for whoever writes in between. */
const ROUNDS = 6;

/** Looks, decides, writes under the very state that was looked at, and waits for the effect: until it stands. */
export async function act(place: RolloutPlace, order: HashOrder): Promise<Acted> {
  for (let round = 1; round <= ROUNDS; round += 1) {
    const found = await seen(place);
    const choice = chosen(place, found, order);
    switch (choice.kind) {
      case 'conflict':
        return { conflict: `${named(place.lever)} ${choice.why}` };
      case 'nothing':
        await tidy(place, found);
        return {};
      case 'act':
        await carryOut(place, found, { verb: choice.verb, order });
    }
  }
  throw new OutsideTrouble(`Cannot move ${named(place.lever)}: it kept changing while it was written`);
}

function chosen({ lever }: RolloutPlace, { rollout, workload, standing }: Seen, order: HashOrder): Choice {
  const owner = ownerOf((workload ?? rollout).metadata);
  const wanted = { to: order.to, before: order.before.value, owner };
  return lever.part === 'spec' ? chooseSpec(standing, wanted) : chooseTraffic(standing, wanted);
}

interface Act {
  readonly verb: Verb;
  readonly order: HashOrder;
}

async function carryOut(place: RolloutPlace, found: Seen, { verb, order }: Act): Promise<void> {
  const answer = await ask(place, found, { verb, order });
  if (answer && answer.status !== 200) await refuseLasting(place, found, answer);
  else await effectOf(place, found, { verb, to: order.to });
}

/** @returns what the cluster said to the last patch; nothing where none was needed */
async function ask(place: RolloutPlace, found: Seen, { verb, order }: Act): Promise<KubeAnswer | undefined> {
  switch (verb) {
    case 'wait':
      return undefined;
    case 'template':
      return putTemplate(place, found, order);
    case 'promote':
      return thenUnpause(place, found, await patchStatus(place, promotePatch(found)));
    case 'abort': {
      const answer = isAsked(found) ? undefined : await patchStatus(place, abortPatch(found));
      return haltsWhenPaused(found.rollout) ? thenUnpause(place, found, answer) : answer;
    }
  }
}

/** Somebody asked for this abort already. */
const isAsked = ({ rollout: { status } }: Seen): boolean => status.abort === true && !status.promoteFull;

/** A pause by hand holds the controller. It ends last: else the update would go on for a moment. */
function thenUnpause(
  place: RolloutPlace,
  found: Seen,
  answer: KubeAnswer | undefined,
): Promise<KubeAnswer> | KubeAnswer | undefined {
  const isDone = !found.rollout.spec.paused || (answer && answer.status !== 200);
  return isDone ? answer : patchSpec(place, unpausePatch(found));
}

async function putTemplate(place: RolloutPlace, found: Seen, order: HashOrder): Promise<KubeAnswer> {
  const cannot = `Cannot put "${order.to}" back in ${named(place.lever)}`;
  if (hasAntiAffinity(found)) {
    const why = 'with antiAffinity its controller takes what is put back for a new version';
    throw new OutsideRefusal(`${cannot}: ${why}; apply the manifest it was made of`);
  }
  const set = (await replicaSetsOf(place, found, [order.to])).get(order.to);
  if (!set) throw new OutsideRefusal(`${cannot}: its ReplicaSet is gone (spec.revisionHistoryLimit)`);
  return patchSpec(place, templatePatch(found, set, order), found.workload);
}

/**
 * A ReplicaSet's template has the cluster's defaults, so its hash is another one than the manifest's. The controller
 * then compares fields, after it has given that ReplicaSet a rule: with `preferred...` it finds the two different and
 * begins a canary of the good version; with `required...` the rule keeps the pods from one another.
 */
function hasAntiAffinity({ rollout: { spec } }: Seen): boolean {
  const { canary, blueGreen } = spec.strategy ?? {};
  return (canary ?? blueGreen)?.['antiAffinity'] !== undefined;
}

/** A test that did not hold and a schema that was broken answer alike: only another look tells them apart. */
async function refuseLasting(
  place: RolloutPlace,
  found: Seen,
  { status, message }: Exclude<KubeAnswer, { status: 200 }>,
): Promise<void> {
  const cannot = `Cannot change ${named(place.lever)}`;
  if (status === 404) throw new OutsideRefusal(`${cannot}: ${message}`);
  const again = await seen(place);
  if (status === 422 && stateOf(again) === stateOf(found)) {
    throw new OutsideRefusal(`${cannot}: the cluster refuses the change: "${message}"`);
  }
}

/** All that patches test. */
const stateOf = (found: Seen): string =>
  JSON.stringify([
    ...testsOf(found),
    found.rollout.spec.paused,
    found.workload?.metadata.uid,
    found.workload?.metadata.generation,
  ]);
