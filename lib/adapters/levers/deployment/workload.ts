import { boundedWorkload, type Workload } from '../../../core/workload.ts';
import { podSetOf } from '../rollout/workload.ts';
import { REVISION, type Seen } from './read.ts';

/** A Deployment's ReplicaSets with their pods; which of them requests go to is nobody's setting. */
export const workloadOf = ({ sets, current }: Seen): Workload =>
  boundedWorkload({
    sets: [...sets].map(([hash, set]) =>
      podSetOf(hash, set, { by: REVISION, role: hash === current ? 'current' : undefined }),
    ),
  });
