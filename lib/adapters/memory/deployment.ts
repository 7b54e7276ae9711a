import { type DeploymentLever, targetOf } from '../../core/service.ts';
import type { Levers } from '../../ports/lever.ts';
import type { KubeAnswer } from '../kubernetes/answers.ts';
import type { KubeClient, ObjectAt, Patch } from '../kubernetes/client.ts';
import { deploymentPort } from '../levers/deployment.ts';
import { changeDeployment, deploymentAt, type MemoryDeployment, podsOf } from './deployment-controller.ts';
import { asDeployment, type DeploymentObject, setsIn } from './deployment-objects.ts';
import { type JsonPatch, patched } from './json-patch.ts';
import type { Images } from './rollout-controller.ts';
import type { MemoryWorld } from './world.ts';

export type { MemoryDeployment } from './deployment-controller.ts';
export { deployImages, deploymentAt, podsOf, startDeployment } from './deployment-controller.ts';

/** The lever's own rules over a cluster in memory. */
export const memoryDeployment =
  (world: MemoryWorld): Levers['deployment'] =>
  () =>
    deploymentPort({
      clock: world.clock,
      clientOf: async ({ cluster }) => clusterOf(world, cluster),
      told: async (lever) =>
        lever.served ? world.trouble.during('service.Served', () => toldBy(world, lever)) : [],
    });

/** Pods that get requests say their hash. */
const toldBy = (world: MemoryWorld, lever: DeploymentLever): string[] => [
  ...podsOf(deploymentAt(world, targetOf(lever))).keys(),
];

function clusterOf(world: MemoryWorld, cluster: string): KubeClient {
  const find = ({ namespace, name }: ObjectAt) =>
    world.deployments.get(`deployment:${cluster}/${namespace}/${name}`);
  const during = world.trouble.during;
  return {
    cluster,
    get: (object) => during('kubernetes.GetDeployment', () => found(find(object), object)),
    list: (_of, namespace) =>
      during('kubernetes.GetDeployment', () => {
        const place = `deployment:${cluster}/${namespace}/`;
        const inPlace = [...world.deployments].filter(([target]) => target.startsWith(place));
        return { status: 200, json: { items: inPlace.flatMap(([, one]) => setsIn(one, namespace)) } };
      }),
    patch: (object, patch) => during('kubernetes.PatchDeployment', () => take(find(object), object, patch)),
  };
}

const missing = ({ name }: ObjectAt): KubeAnswer => ({
  status: 404,
  message: `deployments.apps "${name}" not found`,
});

const found = (deployment: MemoryDeployment | undefined, object: ObjectAt): KubeAnswer =>
  deployment ? { status: 200, json: asDeployment(deployment, object) } : missing(object);

function take(deployment: MemoryDeployment | undefined, object: ObjectAt, patch: Patch): KubeAnswer {
  if (!deployment) return missing(object);
  const after = patched(asDeployment(deployment, object), patch.body as JsonPatch);
  if (!after) {
    return { status: 422, message: 'the server rejected our request due to an error in our request' };
  }
  write(deployment, after, patch.fieldManager ?? 'reinstate');
  return found(deployment, object);
}

function write(deployment: MemoryDeployment, after: DeploymentObject, manager: string): void {
  const { metadata, spec } = after;
  deployment.resourceVersion += 1;
  deployment.annotations = metadata.annotations;
  deployment.managers = metadata.managedFields.map((field) => field.manager);
  const images: Images = Object.fromEntries(
    spec.template.spec.containers.map(({ name, image }) => [name, image]),
  );
  if (JSON.stringify(images) === JSON.stringify(deployment.images)) return;
  changeDeployment(deployment, () => {
    deployment.images = images;
    if (!deployment.managers.includes(manager)) deployment.managers = [...deployment.managers, manager];
  });
}
