/** Releases of a simulated chart: each image is tagged with the revision that brought it. */
import {
  beginUpgrade,
  endUpgrade,
  type MemoryChart,
  type MemoryRelease,
} from '../../adapters/memory/helm.ts';
import type { MemoryWorld } from '../../adapters/memory/world.ts';

/** Good releases of a chart, and of the Rollout in it; the newest is served. */
export const GOOD_RELEASES = 3;

export const ROLLOUT = 'Rollout/';

/** `Rollout/web` of release 3 runs `web:3`. */
export const imagesOf = (name: string, tag: number | string) => ({ app: `${name}:${tag}` });

/** The `3` of `web:3`. */
export const tagOf = (images: Readonly<Record<string, string>> = {}): string =>
  Object.values(images)[0]?.split(':').at(-1) ?? '';

/** The newest chart with these workloads at a new tag. */
export function chartWith(
  { revisions }: MemoryRelease,
  isChanged: (workload: string) => boolean,
  tag: number | string,
): MemoryChart {
  const { workloads } = revisions.at(-1)?.chart ?? { workloads: {} };
  const changed = Object.entries(workloads).map(
    ([name, images]): [string, Readonly<Record<string, string>>] => [
      name,
      isChanged(name) ? imagesOf(name.slice(name.indexOf('/') + 1), tag) : images,
    ],
  );
  return { workloads: Object.fromEntries(changed) };
}

/** The number that the next revision of a release gets. */
export const nextRevision = ({ revisions }: MemoryRelease): number => 1 + (revisions.at(-1)?.number ?? 0);

type HelmRun = ReturnType<typeof beginUpgrade>;

/** `helm upgrade` by a job of CI. Where a run is pending Helm refuses it. @returns nothing then */
export function upgrade(world: MemoryWorld, target: string, chart: MemoryChart): number | undefined {
  const run = begun(world, target, chart);
  return run && endUpgrade(run);
}

/** The same, until it waits for its pods. */
export function begun(world: MemoryWorld, target: string, chart: MemoryChart): HelmRun | undefined {
  const release = world.releases.get(target);
  if (!release || release.revisions.at(-1)?.status.startsWith('pending-')) return undefined;
  return beginUpgrade(world, target, chart);
}
