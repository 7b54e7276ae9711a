import {
  applyImages,
  controllerOf,
  type Images,
  type MemoryRollout,
  podHashOf,
  promoteByHand,
  sharesOf,
  startRollout,
} from '../../adapters/memory/rollout.ts';
import type { MemoryWorld } from '../../adapters/memory/world.ts';
import { type RolloutLever, targetOf } from '../../core/service.ts';
import { deployerOf, release as releaseByGit } from './branch.ts';
import { chartWith, GOOD_RELEASES, imagesOf, nextRevision, upgrade } from './chart.ts';
import type { Target } from './target.ts';

/** A Rollout with a canary, whose spec is Helm's, nobody's, or Argo CD's, and then perhaps of a branch. */
export const rolloutTarget: Target<RolloutLever> = {
  make: (world, lever, owner) => {
    const [first = {}, ...others] = goodImages(lever).slice(0, -1);
    startRollout(world, trafficOf(lever), { images: first, ...(owner && { owner }) });
    for (const images of others) release(world, lever, images);
  },
  renew: (world, lever) => {
    for (const images of goodImages(lever).slice(-1)) release(world, lever, images);
  },
  held: (world, lever, good) => {
    const rollout = world.rollouts.get(trafficOf(lever));
    return [
      [trafficOf(lever), rollout ? holderOf(rollout, good) : null],
      [specOf(lever), rollout ? podHashOf(rollout.images) : null],
      [askedOf(lever), rollout ? askedIn(rollout) : null],
    ];
  },
  served: (world, lever) => {
    const rollout = world.rollouts.get(trafficOf(lever));
    return rollout ? [...sharesOf(rollout).keys()] : [];
  },
  ship: (world, lever, stage) => {
    const put = push(world, lever, `bad-${world.rollouts.get(trafficOf(lever))?.generation}`);
    if (stage === 'complete') promoteAtOnce(world, trafficOf(lever));
    return put;
  },
  put: (world, lever, value) => {
    const images = world.rollouts.get(trafficOf(lever))?.replicaSets.get(value)?.images;
    if (images) applyImages(world, trafficOf(lever), images);
  },
  own: (world, lever) => {
    const target = trafficOf(lever);
    const tag = `own-${world.rollouts.get(target)?.generation}`;
    // What Git owns somebody changes by hand all the same; it does not stay.
    if (world.rollouts.has(target) && deployerOf(world, target))
      return applyImages(world, target, imagesOf(lever.rollout, tag));
    return push(world, lever, tag).get(target) ?? '';
  },
  forget: (world, lever, value) => {
    const rollout = world.rollouts.get(trafficOf(lever));
    if (rollout && value !== rollout.stableRS && value !== rollout.currentPodHash)
      rollout.replicaSets.delete(value);
  },
};

const trafficOf = (lever: RolloutLever): string => targetOf({ ...lever, part: 'traffic' });
const specOf = (lever: RolloutLever): string => targetOf({ ...lever, part: 'spec' });
/** What its status asks of the controller: done soon, or once the controller is there again. */
export const askedOf = (lever: RolloutLever): string =>
  trafficOf(lever).replace('rollout:', 'rollout-asked:');

const goodImages = ({ rollout }: RolloutLever): Images[] =>
  Array.from({ length: GOOD_RELEASES }, (_, n) => imagesOf(rollout, n + 1));

function release(world: MemoryWorld, lever: RolloutLever, images: Images): void {
  applyImages(world, trafficOf(lever), images);
  promoteByHand(world, trafficOf(lever));
}

/** A new template, by whoever owns it. @returns the values that are new, by target */
function push(world: MemoryWorld, lever: RolloutLever, tag: string): Map<string, string> {
  const target = trafficOf(lever);
  const images = imagesOf(lever.rollout, tag);
  const owner = world.rollouts.get(target)?.owner;
  const put = new Map([[target, podHashOf(images)]]);
  const application = deployerOf(world, target);
  if (application) {
    releaseByGit(world, application, { [target]: images });
    return put;
  }
  if (owner?.kind !== 'helm') {
    if (world.rollouts.has(target)) applyImages(world, target, images);
    return put;
  }
  const helm = `helm:${lever.cluster}/${owner.namespace}/${owner.release}`;
  const known = world.releases.get(helm);
  if (!known) return put;
  const revision = String(nextRevision(known));
  const chart = chartWith(known, (name) => name === `Rollout/${lever.rollout}`, tag);
  return upgrade(world, helm, chart) === undefined ? put : put.set(helm, revision);
}

/** All its steps were over before anybody noticed, whether or not the controller is there now. */
export function promoteAtOnce(world: MemoryWorld, target: string): void {
  const rollout = world.rollouts.get(target);
  if (!rollout) return;
  const { controller } = rollout;
  controllerOf(world, target, 'up');
  promoteByHand(world, target);
  rollout.controller = controller;
}

/**
 * Who has the requests, as one word: the hash that somebody still waits to be freed from. While a good template
 * climbs through its steps that is the one before it.
 */
function holderOf(
  { stableRS, currentPodHash, canaryWeight }: MemoryRollout,
  good: ReadonlySet<string>,
): string {
  return canaryWeight === 0 || good.has(currentPodHash) ? stableRS : currentPodHash;
}

/** `promote <hash>`, `abort`, or nothing. */
function askedIn({ promoteFull, abort, currentPodHash }: MemoryRollout): string | null {
  if (promoteFull) return `promote ${currentPodHash}`;
  return abort ? 'abort' : null;
}
