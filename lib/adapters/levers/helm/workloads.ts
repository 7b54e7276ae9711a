import * as z from 'zod/mini';
import type { KubeClient } from '../../kubernetes/client.ts';
import { objectIn } from '../../kubernetes/reading.ts';
import { ownerOf } from '../owner.ts';
import { imagesOf, templateOf, templates, WORKLOADS, type Workload } from './manifest.ts';
import type { LiveWorkload } from './pull.ts';

const count = z._default(z.int(), 0);

/** Of all kinds: those that a kind does not have stay at 0. */
const status = z.looseObject({
  observedGeneration: z.optional(z.union([z.int(), z.string()])),
  replicas: count,
  updatedReplicas: count,
  availableReplicas: count,
  desiredNumberScheduled: count,
  updatedNumberScheduled: count,
  numberAvailable: count,
});

const texts = z.optional(z.record(z.string(), z.string()));

const liveObject = z.looseObject({
  metadata: z.looseObject({ generation: z.optional(z.int()), labels: texts, annotations: texts }),
  spec: z.looseObject({ ...templates, replicas: z.optional(z.int()) }),
  status: z.optional(status),
});
type LiveObject = z.infer<typeof liveObject>;

/** How each of these stands now. @throws OutsideTrouble, OutsideRefusal where one may not be read */
export const liveWorkloads = (
  client: KubeClient,
  namespace: string,
  workloads: readonly Workload[],
): Promise<LiveWorkload[]> =>
  Promise.all(workloads.map((workload) => liveWorkload(client, namespace, workload)));

async function liveWorkload(
  client: KubeClient,
  namespace: string,
  workload: Workload,
): Promise<LiveWorkload> {
  const { kind } = workload;
  const name = `${kind}/${workload.name}`;
  const at = { of: WORKLOADS[kind], namespace: workload.namespace ?? namespace, name: workload.name };
  const answer = await client.get(at);
  if (answer.status !== 200) return { name, is: 'not there' };
  const object = objectIn(liveObject, answer.json, `${name} in "${at.namespace}"`);
  const owner = ownerOf({ ...object.metadata, namespace: at.namespace });
  const writer = owner && owner.kind !== 'helm' && { writer: owner };
  return { name, is: standingOf(object, workload), ...writer };
}

function standingOf(object: LiveObject, { kind, images, template }: Workload): LiveWorkload['is'] {
  if (!runs(images, imagesOf(object))) return 'another image';
  if (kind === 'Rollout' && !holds(templateOf(object), template)) return 'another template';
  return isReady(kind, object) ? 'as released' : 'not ready';
}

/** Containers beside those of the chart are others' affair. */
const runs = (wanted: Workload['images'], live: Workload['images']): boolean =>
  Object.entries(wanted).every(([container, image]) => live[container] === image);

/**
 * Whether all that is wanted is there; more may be. For custom resources, whose fields nobody rewrites: a Deployment's
 * "1000m" comes back as "1". What the two readers of YAML take for different types is not compared.
 */
function holds(live: unknown, wanted: unknown): boolean {
  if (live === undefined || wanted === null) return isNothing(wanted);
  if (Array.isArray(wanted)) return Array.isArray(live) && wanted.every((item, n) => holds(live[n], item));
  if (isObject(wanted))
    return isObject(live) && Object.entries(wanted).every(([name, value]) => holds(live[name], value));
  return typeof live !== typeof wanted || live === wanted;
}

/** A field that was sent empty does not come back: the controller writes Rollouts anew, without such. */
const isNothing = (value: unknown): boolean =>
  !value || (typeof value === 'object' && Object.keys(value).length === 0);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !(value instanceof Date);

/** All pods are of the newest template, and no older one is left. A Rollout has a lever of its own, a CronJob no pods. */
function isReady(kind: Workload['kind'], { metadata, spec, status: is }: LiveObject): boolean {
  if (kind === 'Rollout' || kind === 'CronJob') return true;
  if (!is || Number(is.observedGeneration) !== metadata.generation) return false;
  const { replicas = 1 } = spec;
  return kind === 'DaemonSet'
    ? same([is.updatedNumberScheduled, is.numberAvailable], is.desiredNumberScheduled)
    : same([is.replicas, is.updatedReplicas, is.availableReplicas], replicas);
}

const same = (counts: readonly number[], wanted: number): boolean => counts.every((n) => n === wanted);
