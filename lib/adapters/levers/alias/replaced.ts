/** How far a restart is. A pod that is still ending is not seen here: whoever reads every pod does. */
import { isDeploymentObserved, isObserved } from '../../kubernetes/reading.ts';
import type { Found } from './workload.ts';

/** As `kubectl rollout restart` writes it; Argo CD's own restart does, too. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';

/** A restart that was asked for, by the moment that the spec holds. */
export interface Restart {
  readonly at: string;
}

/** The moment that the spec holds, or nothing. */
export const restartIn = (found: Found): string | undefined =>
  found.kind === 'rollout'
    ? found.object.spec.restartAt
    : found.object.spec.template?.metadata?.annotations?.[RESTARTED_AT];

/** Whether the controller has seen the newest spec. */
export const isSeen = ({ kind, object }: Found): boolean =>
  kind === 'rollout' ? isObserved(object) : isDeploymentObserved(object);

/** Every pod from before has been told to end, and as many as are wanted are there again. */
export function isReplaced(found: Found, { at }: Restart): boolean {
  if (!isSeen(found)) return false;
  const { spec, status } = found.object;
  const wanted = spec.replicas ?? 1;
  if (found.kind === 'rollout') {
    const done = Date.parse(found.object.status.restartedAt ?? '') >= Date.parse(at);
    return done && (status.availableReplicas ?? 0) >= wanted;
  }
  const counts = [status.replicas, status.updatedReplicas, status.availableReplicas];
  return counts.every((count = 0) => count === wanted);
}
