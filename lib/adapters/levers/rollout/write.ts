import type { KubeAnswer } from '../../kubernetes/answers.ts';
import { DEPLOYMENTS, type Deployment, ROLLOUTS } from '../../kubernetes/objects.ts';
import { MANAGER, type Operation } from './patches.ts';
import type { RolloutPlace } from './read.ts';

/** To `/status`, which is a resource of its own: without that word the patch is answered 200 and has no effect. */
export const patchStatus = (
  { client, lever }: RolloutPlace,
  body: readonly Operation[],
): Promise<KubeAnswer> =>
  client.patch(
    { of: ROLLOUTS, namespace: lever.namespace, name: lever.rollout },
    { type: 'json-patch', body, subresource: 'status', fieldManager: MANAGER },
  );

/** To the Rollout, or to the Deployment that holds its template. */
export function patchSpec(
  { client, lever }: RolloutPlace,
  body: readonly Operation[],
  workload?: Deployment,
): Promise<KubeAnswer> {
  const { namespace } = lever;
  const at = workload
    ? { of: DEPLOYMENTS, namespace, name: workload.metadata.name }
    : { of: ROLLOUTS, namespace, name: lever.rollout };
  return client.patch(at, { type: 'json-patch', body, fieldManager: MANAGER });
}
