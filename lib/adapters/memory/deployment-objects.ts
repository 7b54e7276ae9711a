import { HASH_LABEL, REVISION } from '../levers/deployment/read.ts';
import type { MemoryDeployment } from './deployment-controller.ts';
import type { Images } from './rollout-controller.ts';
import { labelsOf, ownerAnnotations, templateOf } from './rollout-objects.ts';

/** A Deployment as the API shows it. */
export type DeploymentObject = ReturnType<typeof asDeployment>;

export const asDeployment = (deployment: MemoryDeployment, at: { name: string; namespace: string }) => ({
  metadata: {
    name: at.name,
    namespace: at.namespace,
    uid: deployment.uid,
    generation: deployment.generation,
    resourceVersion: String(deployment.resourceVersion),
    labels: labelsOf(deployment.owner),
    annotations: {
      ...ownerAnnotations(deployment.owner),
      ...deployment.annotations,
      [REVISION]: String(deployment.sets.get(deployment.current)?.revision),
    } as Record<string, string>,
    managedFields: deployment.managers.map((manager) => ({ manager, operation: 'Update' })),
  },
  spec: {
    replicas: deployment.replicas,
    paused: deployment.paused,
    selector: { matchLabels: { app: at.name } },
    template: templateOf(deployment.images, {}),
  },
  status: statusOf(deployment),
});

function statusOf({ sets, current, broken, observedGeneration }: MemoryDeployment) {
  const all = [...sets.values()];
  const sum = (some: typeof all) => some.reduce((total, { pods }) => total + pods, 0);
  return {
    observedGeneration,
    replicas: sum(all),
    updatedReplicas: sets.get(current)?.pods ?? 0,
    availableReplicas: sum(all.filter(({ images }) => isReady(images, broken))),
  };
}

export const setsIn = ({ uid, name, sets, broken }: MemoryDeployment, namespace: string) =>
  [...sets].map(([hash, { images, revision, pods }]) => ({
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      uid: `${uid}-${hash}`,
      resourceVersion: '1',
      labels: { app: name, [HASH_LABEL]: hash },
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name, uid }],
    },
    spec: { replicas: pods, template: templateOf(images, { [HASH_LABEL]: hash }) },
    status: { replicas: pods, readyReplicas: isReady(images, broken) ? pods : 0 },
  }));

const isReady = (images: Images, broken: ReadonlySet<string>): boolean =>
  !Object.values(images).some((image) => broken.has(image));
