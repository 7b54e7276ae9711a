import {
  deployImages,
  deploymentAt,
  memoryDeployment,
  podsOf,
  startDeployment,
} from '../../lib/adapters/memory/deployment.ts';
import { changeDeployment, reconcileDeployment } from '../../lib/adapters/memory/deployment-controller.ts';
import { memoryWorld } from '../../lib/adapters/memory/world.ts';
import { OutsideTrouble } from '../../lib/core/errors.ts';
import { targetOf } from '../../lib/core/service.ts';
import { aDeployment } from '../service-builders.ts';
import { anArmedService } from './armed.ts';
import type { DeploymentScene } from './deployment-scene.ts';

const lost = new OutsideTrouble('Cannot reach the other side: the answer was lost');

/** A Deployment of the twin, which has v1. */
export async function aDeploymentInMemory(): Promise<DeploymentScene> {
  const world = memoryWorld();
  const lever = aDeployment();
  const target = targetOf(lever);
  const deployment = startDeployment(world, target, { images: { app: 'web:v1' } });
  const push = async (version: string) => deployImages(world, target, { app: `web:${version}` });
  return {
    port: memoryDeployment(world)(anArmedService([lever])),
    lever,
    good: deployment.current,
    push,
    pushBroken: (version) => {
      deployment.broken.add(`web:${version}`);
      return push(version);
    },
    pushUnseen: async (version) => void (await push(version)),
    pause: async () => changeDeployment(deployment, () => (deployment.paused = true)),
    touch: async () => changeDeployment(deployment, () => undefined),
    give: async (owner) => void Object.assign(deployment, { owner }),
    controller: async (state) => {
      deployment.controller = state;
      reconcileDeployment(deployment);
    },
    settled: async () => [...podsOf(deploymentAt(world, target)).keys()],
    templates: async () => deployment.sets.size,
    managers: async () => [...deployment.managers],
    beforePatch: (what) =>
      world.trouble.interleave('kubernetes.PatchDeployment', async () => void (await what())),
    losePatch: () => world.trouble.failNext('kubernetes.PatchDeployment', lost, { when: 'lost' }),
  };
}
