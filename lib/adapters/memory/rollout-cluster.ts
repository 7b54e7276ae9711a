/** The part of a Kubernetes API that the lever of a Rollout asks, over the Rollouts of the world. */
import type { KubeAnswer } from '../kubernetes/answers.ts';
import type { KubeClient, ObjectAt, Patch } from '../kubernetes/client.ts';
import { HASH_LABEL } from '../levers/rollout/template.ts';
import { type JsonPatch, patched } from './json-patch.ts';
import {
  changeMetadata,
  changeSpec,
  changeStatus,
  type Images,
  type MemoryRollout,
} from './rollout-controller.ts';
import { asObject, type RolloutObject, replicaSetsIn } from './rollout-objects.ts';
import type { MemoryWorld } from './world.ts';

export function memoryCluster(world: MemoryWorld, cluster: string): KubeClient {
  const find = ({ namespace, name }: ObjectAt) =>
    world.rollouts.get(`rollout:${cluster}/${namespace}/${name}`);
  const during = world.trouble.during;
  return {
    cluster,
    get: (object) => during('kubernetes.GetRollout', () => found(find(object), object)),
    list: (_of, namespace, selector) =>
      during('kubernetes.GetRollout', () => {
        const items = [...world.rollouts]
          .filter(([target]) => target.startsWith(`rollout:${cluster}/${namespace}/`))
          .flatMap(([, rollout]) => replicaSetsIn(rollout))
          .filter(
            ({ metadata }) => selector === HASH_LABEL || selector.includes(metadata.labels[HASH_LABEL]),
          );
        return { status: 200, json: { items } };
      }),
    patch: (object, patch) =>
      during('kubernetes.PatchRollout', () => take(world, find(object), { object, patch })),
  };
}

const missing = ({ name }: ObjectAt): KubeAnswer => ({
  status: 404,
  message: `rollouts.argoproj.io "${name}" not found`,
});

const found = (rollout: MemoryRollout | undefined, object: ObjectAt): KubeAnswer =>
  rollout ? { status: 200, json: asObject(rollout, object) } : missing(object);

interface Sent {
  readonly object: ObjectAt;
  readonly patch: Patch;
}

/** Applied to the whole object; then only the part is kept that the path names, as an API server does. */
function take(world: MemoryWorld, rollout: MemoryRollout | undefined, { object, patch }: Sent): KubeAnswer {
  if (!rollout) return missing(object);
  const after = patched(asObject(rollout, object), patch.body as JsonPatch);
  if (!after) {
    return { status: 422, message: 'the server rejected our request due to an error in our request' };
  }
  if (patch.subresource === 'status') takeStatus(world, rollout, after);
  else takeSpec(world, rollout, { after, manager: patch.fieldManager ?? 'reinstate' });
  return found(rollout, object);
}

function takeStatus(world: MemoryWorld, rollout: MemoryRollout, { status }: RolloutObject): void {
  changeStatus(world, rollout, () => {
    rollout.abort = status.abort ?? false;
    rollout.promoteFull = status.promoteFull ?? false;
  });
}

interface Written {
  readonly after: RolloutObject;
  readonly manager: string;
}

function takeSpec(world: MemoryWorld, rollout: MemoryRollout, { after, manager }: Written): void {
  const { metadata, spec } = after;
  changeMetadata(rollout, () => {
    rollout.annotations = metadata.annotations;
    rollout.managers = metadata.managedFields.map((field) => field.manager);
  });
  const images: Images = Object.fromEntries(
    spec.template.spec.containers.map(({ name, image }) => [name, image]),
  );
  const same = JSON.stringify(images) === JSON.stringify(rollout.images) && spec.paused === rollout.paused;
  if (same) return;
  changeSpec(world, rollout, () => {
    rollout.images = images;
    rollout.paused = spec.paused;
    if (!rollout.managers.includes(manager)) rollout.managers = [...rollout.managers, manager];
  });
}
