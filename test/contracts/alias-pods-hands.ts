import { memoryAlias } from '../../lib/adapters/memory/alias.ts';
import { changeWorkload, reconcileWorkload, startWorkload } from '../../lib/adapters/memory/workload.ts';
import { podsThere } from '../../lib/adapters/memory/workload-cluster.ts';
import { memoryWorld, moveAlias, registerVersion } from '../../lib/adapters/memory/world.ts';
import type { Workload } from '../../lib/core/alias-pods.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import type { PodsScene } from './alias-pods.ts';
import { anAlias, anArmedService } from './armed.ts';

const lost = new OutsideTrouble('Cannot reach the other side: the answer was lost');

/** A workload of the twin whose pods have loaded version 2. */
export async function podsInMemory(kind: Workload['kind']): Promise<PodsScene> {
  const world = memoryWorld();
  const reload: Workload = { kind, cluster: 'shop', namespace: 'ml', name: 'model-svc' };
  const served = { pods: reload, port: 8080, path: '/version', json: 'version' };
  const lever = { ...anAlias(), served, reload };
  registerVersion(world, lever.model);
  registerVersion(world, lever.model);
  moveAlias(world, 'recommender@champion', '2');
  const workload = startWorkload(world, reload, lever);
  const change = (what: () => void) => changeWorkload(world, workload, what);
  return {
    port: memoryAlias(world)(anArmedService([lever])),
    lever,
    move: async (version) => moveAlias(world, 'recommender@champion', version),
    controller: async (state) => {
      workload.controller = state;
      reconcileWorkload(world, workload);
    },
    pause: async () => change(() => (workload.paused = true)),
    scale: async () => change(() => (workload.pods = [])),
    addDeaf: async () => {
      const at = world.clock.now() - 5000;
      workload.pods.push({
        name: 'deaf',
        madeAt: at,
        readyAt: at,
        version: '2',
        restart: undefined,
        deaf: true,
      });
      return 'deaf';
    },
    putBack: async () => change(() => (workload.restart = undefined)),
    settled: async () => {
      world.clock.advance(60_000);
      return podsThere(world, workload).map(({ name }) => name);
    },
    templates: async () => 1 + workload.canaries + (kind === 'deployment' && workload.restart ? 1 : 0),
    restart: async () => workload.restart,
    managers: async () => [...workload.managers],
    losePatch: () => world.trouble.failNext('kubernetes.PatchWorkload', lost, { when: 'lost' }),
  };
}
