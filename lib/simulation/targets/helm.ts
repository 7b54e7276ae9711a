import {
  installRelease,
  type MemoryRelease,
  type MemoryRevision,
  rollBackByHand,
} from '../../adapters/memory/helm.ts';
import type { MemoryWorld } from '../../adapters/memory/world.ts';
import { type HelmLever, targetOf } from '../../core/service.ts';
import { chartWith, GOOD_RELEASES, imagesOf, nextRevision, ROLLOUT, tagOf, upgrade } from './chart.ts';
import type { Target } from './target.ts';

/** A release with a Deployment of its own, and the Rollouts that it owns; they have to be there before it. */
export const helmTarget: Target<HelmLever> = {
  make: (world, lever) => {
    installRelease(world, targetOf(lever), chartAt(world, lever, 1));
    for (let n = 2; n < GOOD_RELEASES; n++) upgrade(world, targetOf(lever), chartAt(world, lever, n));
  },
  renew: (world, lever) => {
    upgrade(world, targetOf(lever), chartAt(world, lever, GOOD_RELEASES));
  },
  held: (world, lever) => {
    const release = world.releases.get(targetOf(lever));
    return [
      [targetOf(lever), release ? holderOf(release) : null],
      [historyOf(lever), release ? newestIn(release) : null],
      [liveOf(lever), release ? liveIn(release) : null],
    ];
  },
  served: (world, lever) => {
    const live = [...(world.releases.get(targetOf(lever))?.live ?? [])];
    return live.filter(([name]) => !name.startsWith(ROLLOUT)).map(([, { images }]) => tagOf(images));
  },
  ship: (world, lever) => new Map([[targetOf(lever), push(world, lever)]]),
  put: (world, lever, value) => {
    const release = world.releases.get(targetOf(lever));
    const revision = release?.revisions.find(({ number }) => String(number) === value);
    if (revision) rollBackByHand(world, targetOf(lever), revision.number);
  },
  own: (world, lever) => push(world, lever),
  forget: (world, lever, value) => {
    const revisions = world.releases.get(targetOf(lever))?.revisions ?? [];
    const at = revisions.findIndex(({ number, status }) => String(number) === value && status !== 'deployed');
    if (at >= 0) revisions.splice(at, 1);
  },
};

const historyOf = (lever: HelmLever): string => targetOf(lever).replace('helm:', 'helm-history:');
const liveOf = (lever: HelmLever): string => targetOf(lever).replace('helm:', 'helm-live:');

/** `5 deployed`: how often Helm was run, and how the last run ended. */
function newestIn({ revisions }: MemoryRelease): string {
  const newest = revisions.at(-1);
  return newest ? `${newest.number} ${newest.status}` : '';
}

/** What its own workloads run. */
const liveIn = ({ live }: MemoryRelease): string =>
  [...live]
    .filter(([name]) => !name.startsWith(ROLLOUT))
    .map(([name, { images, ready }]) => `${name} ${tagOf(images)}${ready ? '' : ' not ready'}`)
    .join(', ');

function chartAt(world: MemoryWorld, lever: HelmLever, tag: number) {
  const own = { [`Deployment/${lever.release}`]: imagesOf(lever.release, tag) };
  const place = `rollout:${lever.cluster}/${lever.namespace}/`;
  const rollouts = [...world.rollouts].flatMap(([target, { owner }]) => {
    const isOurs = target.startsWith(place) && owner?.kind === 'helm' && owner.release === lever.release;
    const name = target.slice(place.length);
    return isOurs ? [[`${ROLLOUT}${name}`, imagesOf(name, tag)] as const] : [];
  });
  return { workloads: { ...own, ...Object.fromEntries(rollouts) } };
}

/** A release that changes all but its Rollouts. @returns its revision */
function push(world: MemoryWorld, lever: HelmLever): string {
  const release = world.releases.get(targetOf(lever));
  if (!release) return '';
  const revision = nextRevision(release);
  upgrade(
    world,
    targetOf(lever),
    chartWith(release, (name) => !name.startsWith(ROLLOUT), revision),
  );
  return String(revision);
}

/** The revision under which what is live was made first; a rollback that did not end has changed nothing yet. */
function holderOf({ revisions }: MemoryRelease): string {
  const ended = revisions.findLast((revision) => !isUnfinishedReturn(revision));
  return ended ? originOf(revisions, ended) : '';
}

const isUnfinishedReturn = ({ status, description }: MemoryRevision): boolean =>
  status !== 'deployed' && status !== 'superseded' && description.startsWith('Rollback');

function originOf(revisions: readonly MemoryRevision[], { number, description }: MemoryRevision): string {
  const from = /^Rollback to (\d+)$/.exec(description)?.[1];
  const origin = revisions.find((revision) => String(revision.number) === from);
  return origin ? originOf(revisions, origin) : (from ?? String(number));
}
