import { boundedWorkload, type Workload } from '../../../core/workload.ts';
import { podSetOf } from '../rollout/workload.ts';
import { REVISION, type Seen } from './read.ts';

/** A Deployment's ReplicaSets with their pods; which of them requests go to is nobody's setting. */
export function workloadOf({ sets, current }: Seen, wanted?: string | null): Workload {
  const all = [...sets].map(([hash, set]) =>
    podSetOf(hash, set, { by: REVISION, role: hash === current ? 'current' : undefined }),
  );
  return boundedWorkload({ sets: all }, wanted);
}
