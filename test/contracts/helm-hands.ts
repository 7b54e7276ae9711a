import {
  beginRollback,
  beginUpgrade,
  endUpgrade,
  installRelease,
  liveOf,
  type MemoryRelease,
  putImages,
  rollBackByHand,
  upgradeRelease,
} from '../../lib/adapters/memory/helm.ts';
import type { MemoryWorld } from '../../lib/adapters/memory/world.ts';
import type { HelmPlace } from './helm-lever.ts';

/** A chart with one Deployment. */
export const web = (image: string) => ({ workloads: { 'Deployment/web': { web: image } } });

/** Revision 1 runs `web:1`, revision 2 runs `web:2`. */
export function startWeb(world: MemoryWorld, target: string): MemoryRelease {
  const release = installRelease(world, target, web('web:1'));
  release.broken.add('never/ready:1');
  upgradeRelease(world, target, web('web:2'));
  return release;
}

/** CI jobs, people and misfortune, at a release that `startWeb` made. */
export function handsOn(world: MemoryWorld, target: string): Omit<HelmPlace, 'port' | 'lever'> {
  const release = world.releases.get(target);
  if (!release) throw new Error(`Cannot lay hands on "${target}": start it first`);
  return {
    workload: 'Deployment/web',
    upgrade: async (image, how) =>
      void endUpgrade(beginUpgrade(world, target, web(image)), how === 'unready' ? 'failed' : 'complete'),
    rollBack: async (revision) => void rollBackByHand(world, target, revision),
    leavePending: async (run) => {
      if ('upgrade' in run) beginUpgrade(world, target, web(run.upgrade));
      else beginRollback(world, target, { to: run.rollback, historyMax: 0 });
    },
    dieNext: () => {
      release.fate = 'killed';
    },
    refuseNext: async () => {
      release.fate = 'refused';
    },
    setImage: async (image) => putImages(world, target, web(image).workloads),
    liveImage: async () => liveOf(world, target, 'Deployment/web')?.images['web'] ?? '',
    prune: async (revision) => {
      release.revisions.splice(
        release.revisions.findIndex(({ number }) => number === revision),
        1,
      );
    },
    history: async () => release.revisions.map(({ number, status }) => `${number} ${status}`),
    pass: (ms) => world.clock.advance(ms),
  };
}
