import { OutsideRefusal } from '../../core/errors.ts';
import type { ClusterFinder } from '../../ports/cluster-finder.ts';
import type { MemoryWorld } from './world.ts';

/** EKS as the world has it. */
export const memoryClusterFinder = (world: MemoryWorld): ClusterFinder => ({
  find: (eks) =>
    world.trouble.during('eks.DescribeCluster', () => {
      const found = world.eksClusters.get(eks);
      if (found) return found;
      throw new OutsideRefusal(
        `Cannot find EKS cluster "${eks}": this account and region have none of that name`,
      );
    }),
});
