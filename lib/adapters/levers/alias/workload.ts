import type { Workload } from '../../../core/alias-pods.ts';
import { OutsideRefusal } from '../../../core/errors.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { PodClient } from '../../kubernetes/client.ts';
import {
  DEPLOYMENTS,
  type Deployment,
  deployment,
  PODS,
  type Pod,
  pod,
  ROLLOUTS,
  type Rollout,
  rollout,
} from '../../kubernetes/objects.ts';
import { objectIn, objectsIn, wholeSelectorOf } from '../../kubernetes/reading.ts';

/** A workload in its cluster. */
export interface WorkloadPlace {
  readonly client: PodClient;
  readonly clock: Clock;
  readonly workload: Workload;
}

/** What has the pods, as its kind has it. */
export type Found =
  | { readonly kind: 'deployment'; readonly object: Deployment }
  | { readonly kind: 'rollout'; readonly object: Rollout };

export const named = ({ kind, name, namespace, cluster }: Workload): string =>
  `${kind === 'rollout' ? 'Rollout' : 'Deployment'} "${name}" in "${namespace}" of cluster "${cluster}"`;

export const objectOf = ({ kind, namespace, name }: Workload) => ({
  of: kind === 'rollout' ? ROLLOUTS : DEPLOYMENTS,
  namespace,
  name,
});

/** @throws OutsideRefusal where there is none; OutsideTrouble */
export async function workloadAt({ client, workload }: WorkloadPlace): Promise<Found> {
  const answer = await client.get(objectOf(workload));
  if (answer.status !== 200) throw new OutsideRefusal(`Cannot find ${named(workload)}: ${answer.message}`);
  return workload.kind === 'rollout'
    ? { kind: 'rollout', object: objectIn(rollout, answer.json, named(workload)) }
    : { kind: 'deployment', object: objectIn(deployment, answer.json, named(workload)) };
}

/** The pods that its selector names, whatever their state. @throws OutsideRefusal, OutsideTrouble */
export async function podsOf({ client, workload }: WorkloadPlace, { object }: Found): Promise<Pod[]> {
  const what = `the pods of ${named(workload)}`;
  const selector = wholeSelectorOf(object.spec.selector ?? {});
  if (selector === undefined) {
    const why = 'it has no selector of its own (a Rollout with workloadRef?); name what has one';
    throw new OutsideRefusal(`Cannot list ${what}: ${why}`);
  }
  const answer = await client.list(PODS, workload.namespace, selector);
  if (answer.status !== 200) throw new OutsideRefusal(`Cannot list ${what}: ${answer.message}`);
  return objectsIn(pod, answer.json, what);
}
