/**
 * `npm run bench:cluster` (root, Linux): the Kubernetes levers on a real cluster of this bench's own, which is ended
 * afterwards. RUNS: how often each is measured, default 5. CLIENT_NODE: see cluster-sizes.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster, stopCluster } from '../../local/cluster/cluster.ts';
import { argoRows } from './argo.ts';
import { leverRows } from './cluster-levers.ts';
import { sceneIn } from './cluster-scene.ts';
import { functionRows, helmRows } from './cluster-sizes.ts';
import type { Row } from './table.ts';

const NAME = 'bench';

export async function clusterRows(): Promise<Row[]> {
  if (process.env['KUBECONFIG']) throw new Error('cannot bench a given cluster: unset KUBECONFIG');
  const runs = Number(process.env['RUNS'] ?? 5);
  const folder = mkdtempSync(join(tmpdir(), 'bench-cluster-'));
  try {
    const scene = await sceneIn(await startCluster(console.error, NAME));
    return [
      ...(await leverRows(scene, runs)),
      ...(await argoRows(scene, NAME, runs)),
      ...functionRows(),
      ...(await helmRows(scene, folder)),
    ];
  } finally {
    await stopCluster(NAME);
    rmSync(folder, { recursive: true });
  }
}
