/** Exercise 1 on a real cluster, with the helm and the kubectl that ship; it ends with `npm run local -- down`. */
import { dirname } from 'node:path';
import { layerTools } from '../../../local/cluster/layer.ts';
import { describePages } from './suite.ts';

describePages({
  where: 'cluster',
  pages: ['exercise-1-kubernetes'],
  setting: async () => {
    const { helm, kubectl } = await layerTools();
    return { env: { PATH: `${dirname(helm)}:${dirname(kubectl)}:${process.env['PATH']}` } };
  },
  // A cold cache: the cluster's programs are built first.
  seconds: 1500,
});
