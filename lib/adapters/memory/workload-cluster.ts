/** A cluster in memory that has workloads: what the restart and the reading of pods ask of a real one. */

import type { Workload } from '../../core/alias-pods.ts';
import type { KubeAnswer } from '../kubernetes/answers.ts';
import type { ObjectAt, Patch, PodAt, PodClient } from '../kubernetes/client.ts';
import { RESTARTED_AT } from '../levers/alias/replaced.ts';
import { type JsonPatch, merged, patched } from './json-patch.ts';
import {
  changeWorkload,
  type MemoryPod,
  type MemoryWorkload,
  reconcileWorkload,
  workloadKey,
} from './workload.ts';
import type { MemoryWorld } from './world.ts';

export function workloadCluster(world: MemoryWorld, cluster: string): PodClient {
  const { during } = world.trouble;
  const find = ({ of, namespace, name }: ObjectAt) =>
    seen(world, { kind: of.resource === 'rollouts' ? 'rollout' : 'deployment', cluster, namespace, name });
  return {
    cluster,
    get: (object) => during('kubernetes.GetWorkload', () => answered(world, find(object), object)),
    list: (_of, namespace, selector) =>
      during('kubernetes.ListPods', () => {
        const all = [...world.workloads.values()].filter((one) =>
          isNamed(one, { cluster, namespace, selector }),
        );
        const items = all.flatMap((one) => podsThere(world, one).map((pod) => asPod(world, one, pod)));
        return { status: 200, json: { items } };
      }),
    patch: (object, patch) =>
      during('kubernetes.PatchWorkload', () => take(world, find(object), { object, patch })),
    ask: (pod) => during('kubernetes.AskPod', () => told(world, pod)),
  };
}

function seen(world: MemoryWorld, workload: Workload): MemoryWorkload | undefined {
  const found = world.workloads.get(workloadKey(workload));
  if (found) reconcileWorkload(world, found);
  return found;
}

interface Listing {
  readonly cluster: string;
  readonly namespace: string;
  readonly selector: string;
}

const isNamed = ({ workload }: MemoryWorkload, { cluster, namespace, selector }: Listing): boolean =>
  workload.cluster === cluster && workload.namespace === namespace && selector === `app=${workload.name}`;

/** Those that are made already. */
export function podsThere(world: MemoryWorld, workload: MemoryWorkload): MemoryPod[] {
  reconcileWorkload(world, workload);
  return workload.pods.filter(({ madeAt }) => madeAt <= world.clock.now());
}

const answered = (world: MemoryWorld, found: MemoryWorkload | undefined, { name }: ObjectAt): KubeAnswer =>
  found ? { status: 200, json: asWorkload(world, found) } : { status: 404, message: `"${name}" not found` };

type WorkloadObject = ReturnType<typeof asWorkload>;

const asWorkload = (world: MemoryWorld, one: MemoryWorkload) => ({
  metadata: {
    name: one.workload.name,
    namespace: one.workload.namespace,
    uid: one.uid,
    generation: one.generation,
    resourceVersion: String(one.resourceVersion),
    annotations: one.annotations,
    managedFields: one.managers.map((manager) => ({ manager, operation: 'Update' })),
  },
  spec: {
    replicas: one.replicas,
    paused: one.paused,
    selector: { matchLabels: { app: one.workload.name } },
    template: {
      metadata: { annotations: one.workload.kind === 'deployment' ? markOf(one.restart) : {} },
    },
    ...(one.workload.kind === 'rollout' && one.restart !== undefined && { restartAt: one.restart }),
  },
  status: statusOf(world, one),
});

const markOf = (restart: string | undefined): Record<string, string> =>
  restart === undefined ? {} : { [RESTARTED_AT]: restart };

function statusOf(world: MemoryWorld, one: MemoryWorkload) {
  const now = world.clock.now();
  const there = podsThere(world, one).filter(({ endsAt = Infinity }) => endsAt > now);
  const { observedGeneration, restarted } = one;
  const counts = {
    replicas: there.length,
    updatedReplicas: there.filter(({ restart }) => restart === one.restart).length,
    availableReplicas: there.filter(({ readyAt }) => readyAt <= now).length,
  };
  return one.workload.kind === 'rollout'
    ? {
        ...counts,
        observedGeneration: String(observedGeneration),
        ...(restarted && { restartedAt: restarted }),
      }
    : { ...counts, observedGeneration };
}

const asPod = (
  world: MemoryWorld,
  { workload }: MemoryWorkload,
  { name, madeAt, endsAt = Infinity }: MemoryPod,
) => ({
  metadata: {
    name,
    namespace: workload.namespace,
    uid: name,
    resourceVersion: '1',
    creationTimestamp: new Date(madeAt).toISOString(),
    ...(endsAt <= world.clock.now() && { deletionTimestamp: new Date(endsAt).toISOString() }),
  },
  spec: {},
  status: { phase: 'Running' },
});

interface Writing {
  readonly object: ObjectAt;
  readonly patch: Patch;
}

function take(world: MemoryWorld, one: MemoryWorkload | undefined, { object, patch }: Writing): KubeAnswer {
  if (!one) return answered(world, one, object);
  const before = asWorkload(world, one);
  const after =
    patch.type === 'json-patch'
      ? patched(before, patch.body as JsonPatch)
      : (merged(before, patch.body) as WorkloadObject);
  if (!after)
    return { status: 422, message: 'the server rejected our request due to an error in our request' };
  if (after.metadata.uid !== one.uid)
    return { status: 422, message: 'metadata.uid: Invalid value: field is immutable' };
  write(world, one, { after, manager: patch.fieldManager ?? 'reinstate' });
  return answered(world, one, object);
}

function write(
  world: MemoryWorld,
  one: MemoryWorkload,
  { after, manager }: { readonly after: WorkloadObject; readonly manager: string },
): void {
  one.annotations = after.metadata.annotations;
  one.managers = after.metadata.managedFields.map((field) => field.manager);
  const marks = after.spec.template.metadata.annotations;
  const restart = one.workload.kind === 'rollout' ? restartAtOf(after) : marks[RESTARTED_AT];
  if (one.workload.kind === 'rollout' && Object.keys(marks).length > 0) one.canaries += 1;
  if (restart === one.restart) return;
  if (!one.managers.includes(manager)) one.managers = [...one.managers, manager];
  changeWorkload(world, one, () => {
    one.restart = restart;
  });
}

const restartAtOf = ({ spec }: WorkloadObject): string | undefined =>
  'restartAt' in spec ? spec.restartAt : undefined;

/** Also a pod that is ending answers, until it is gone; one that starts refuses connections. */
function told(world: MemoryWorld, { namespace, name }: PodAt) {
  const all = [...world.workloads.values()].filter(({ workload }) => workload.namespace === namespace);
  const pod = all.flatMap((one) => podsThere(world, one)).find((one) => one.name === name);
  const isUp = pod && !pod.deaf && pod.readyAt <= world.clock.now();
  const contentType = 'application/json';
  if (!isUp) return { status: 503, contentType, text: 'error trying to reach service: connection refused' };
  const { version } = pod;
  return { status: 200, contentType, text: JSON.stringify({ version, model: { version } }) };
}
