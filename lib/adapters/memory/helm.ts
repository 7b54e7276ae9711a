import { type HelmLever, targetOf } from '../../core/service.ts';
import type { LeverPort, Levers } from '../../ports/lever.ts';
import { historyOf, type Revision } from '../levers/helm/history.ts';
import { type LiveWorkload, observeRelease, pull, type ReleasePlace, servedBy } from '../levers/helm/pull.ts';
import { liveOf, readRevisions, releaseAt, sameImages } from './helm-release.ts';
import { beginRollback, endRollback } from './helm-runs.ts';
import type { MemoryWorld } from './world.ts';

export type {
  HelmFate,
  MemoryChart,
  MemoryRelease,
  MemoryRevision,
  MemoryWorkload,
} from './helm-release.ts';
export { liveOf, putImages, releaseAt } from './helm-release.ts';
export {
  beginRollback,
  beginUpgrade,
  endRollback,
  endUpgrade,
  type HelmRun,
  installRelease,
  rollBackByHand,
  upgradeRelease,
} from './helm-runs.ts';

/** Helm as it is: every run adds a revision, a run that dies leaves it pending, nobody is kept from rolling back. */
export function memoryHelm(world: MemoryWorld): Levers['helm'] {
  return (): LeverPort<HelmLever> => ({
    observe: (lever, to) => observeRelease(placeOf(world, lever), to),
    owner: async (lever) => releaseAt(world, targetOf(lever)).writer,
    act: (lever, order) => pull(placeOf(world, lever), order),
    served: (lever) => servedBy(placeOf(world, lever)),
  });
}

function placeOf(world: MemoryWorld, lever: HelmLever): ReleasePlace {
  const target = targetOf(lever);
  const name = `release "${lever.release}" in "${lever.namespace}" of cluster "${lever.cluster}"`;
  return {
    name,
    clock: world.clock,
    history: () =>
      world.trouble.during('kubernetes.ListSecrets', () =>
        historyOf(name, readRevisions(releaseAt(world, target))),
      ),
    live: (revision) =>
      world.trouble.during('kubernetes.GetWorkload', () => workloadsOf(world, target, revision)),
    rollBack: async (revision, sends) => {
      // Two calls: a crash, or somebody else, may come between them.
      const run = await world.trouble.during('helm.Rollback', () =>
        beginRollback(world, target, { to: revision, historyMax: 0 }),
      );
      await world.trouble.during('helm.Rollback', () => endRollback(world, run, sends));
    },
  };
}

function workloadsOf(world: MemoryWorld, target: string, { number }: Revision): LiveWorkload[] {
  const known = releaseAt(world, target).revisions.find((revision) => revision.number === number);
  return Object.entries(known?.chart.workloads ?? {}).map(([name, images]) => {
    const live = liveOf(world, target, name);
    if (!live) return { name, is: 'not there' };
    if (!sameImages(images, live.images)) return { name, is: 'another image' };
    return { name, is: live.ready ? 'as released' : 'not ready' };
  });
}
