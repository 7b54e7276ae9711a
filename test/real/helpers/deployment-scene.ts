import { systemClock } from '../../../lib/adapters/clock.ts';
import { deploymentPort } from '../../../lib/adapters/levers/deployment.ts';
import type { DeploymentScene } from '../../contracts/deployment-scene.ts';
import { aDeployment } from '../../service-builders.ts';
import { type DeploymentCluster, isComplete, NAMESPACE, type RealDeployment } from './deployments.ts';
import { hookPoint } from './hooks.ts';
import { managersOf } from './managers.ts';
import { hooked, marksOf } from './rollout-scene.ts';

/** A Deployment that has v1, and everybody who does something to it. */
export async function sceneIn(cluster: DeploymentCluster): Promise<DeploymentScene> {
  const real = await cluster.make();
  const hooks = hookPoint();
  const client = hooked(cluster.lever, hooks);
  const push = async (version: string, broken: boolean) => {
    const before = await real.pods();
    await real.apply(version, broken);
    return real.until(`runs ${version}`, async () => {
      const fresh = [...(await real.pods())].find(([hash, pods]) => !before.has(hash) && pods > 0);
      return fresh !== undefined && (broken || isComplete(await real.read())) && fresh[0];
    });
  };
  return {
    port: deploymentPort({ clock: systemClock(), clientOf: async () => client, told: async () => [] }),
    lever: aDeployment({ cluster: 'test', namespace: NAMESPACE, deployment: real.name }),
    good: [...(await real.pods()).keys()][0] ?? '',
    push: (version) => push(version, false),
    pushBroken: (version) => push(version, true),
    pushUnseen: (version) => real.apply(version),
    pause: async () => {
      await real.patch({ spec: { paused: true } });
      await real.until('paused', async () => isComplete(await real.read()));
    },
    touch: () => real.patch({ spec: { progressDeadlineSeconds: 599 } }),
    give: (owner) => real.patch({ metadata: marksOf(owner) }),
    controller: cluster.controller,
    settled: () => settled(real),
    templates: async () => (await real.pods()).size,
    managers: async () => managersOf(await real.read()),
    beforePatch: (what) => hooks.before('patch', async () => void (await what())),
    losePatch: () => hooks.lose('patch'),
  };
}

async function settled(real: RealDeployment): Promise<string[]> {
  await real.until('settled', async () => isComplete(await real.read()));
  return [...(await real.pods())].filter(([, pods]) => pods > 0).map(([hash]) => hash);
}
