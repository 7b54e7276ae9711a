import type { KubeAnswer } from '../../../lib/adapters/kubernetes/answers.ts';
import type { KubeClient } from '../../../lib/adapters/kubernetes/client.ts';
import {
  REPLICA_SETS,
  type ReplicaSet,
  ROLLOUTS,
  type Rollout,
  replicaSet,
  rollout,
} from '../../../lib/adapters/kubernetes/objects.ts';
import { isObserved, objectIn, objectsIn } from '../../../lib/adapters/kubernetes/reading.ts';
import { waitUntil } from '../../../local/wait.ts';
import { GATE } from './rollout-manifests.ts';

/** One Rollout, as everybody but the lever sees it. */
export interface RealRollout {
  readonly name: string;
  read(): Promise<Rollout>;
  sets(): Promise<ReplicaSet[]>;
  apply(version: string): Promise<void>;
  /** As somebody who uses server-side apply; throws on a conflict. */
  applyServerSide(version: string, manager: string): Promise<void>;
  /** A merge patch, to the status or to all else. */
  patch(body: unknown, subresource?: 'status'): Promise<void>;
  /** Until it holds. @returns the Rollout as it is then */
  until(what: string, holds: (found: Rollout) => boolean): Promise<Rollout>;
  /** Until just so many pods of these hashes are asked to run. */
  untilPods(wanted: Readonly<Record<string, number>>): Promise<void>;
  /** Sets the condition that gated pods wait for, once there is such a pod. */
  gate(status: 'True' | 'False'): Promise<void>;
}

interface Making {
  readonly name: string;
  readonly namespace: string;
  readonly person: KubeClient;
  readonly kubectl: (args: readonly string[], input?: unknown) => Promise<string>;
  /** With a manager: the Rollout alone, server-side. */
  readonly apply: (version: string, manager?: string) => Promise<void>;
}

export function realRollout(making: Making): RealRollout {
  const { name, namespace, person, apply } = making;
  const at = { of: ROLLOUTS, namespace, name };
  const read = async () => objectIn(rollout, taken(await person.get(at)), name);
  const sets = async () => {
    const answer = taken(await person.list(REPLICA_SETS, namespace, `app=${name}`));
    return objectsIn(replicaSet, answer, name).filter(
      ({ metadata }) => metadata.labels?.[HASH] !== undefined,
    );
  };
  const wait = <T>(what: string, probe: () => Promise<T | false>) =>
    waitUntil(probe, { what: `${name}: ${what}`, seconds: 60 });
  return {
    name,
    read,
    sets,
    apply: (version) => apply(version),
    applyServerSide: apply,
    patch: async (body, subresource) => {
      const how = { type: 'merge-patch', body, fieldManager: 'person' } as const;
      taken(await person.patch(at, subresource ? { ...how, subresource } : how));
    },
    until: (what, holds) =>
      wait(what, async () => {
        const found = await read();
        return isObserved(found) && holds(found) && found;
      }),
    untilPods: async (wanted) => {
      await wait('its pods', async () => JSON.stringify(podsOf(await sets())) === JSON.stringify(wanted));
    },
    gate: (status) => gate(making, status, wait),
  };
}

const HASH = 'rollouts-pod-template-hash';

/** Pods that are asked to run, by hash. */
export const podsOf = (sets: readonly ReplicaSet[]): Record<string, number> =>
  Object.fromEntries(
    sets
      .filter(({ spec }) => (spec.replicas ?? 0) > 0)
      .map(({ metadata, spec }) => [metadata.labels?.[HASH] ?? '', spec.replicas ?? 0]),
  );

async function gate(
  { name, kubectl }: Making,
  status: 'True' | 'False',
  wait: (what: string, probe: () => Promise<string | false>) => Promise<string>,
): Promise<void> {
  const gated = await wait('gated pod', async () => {
    const pods = await kubectl(['get', 'pods', '-l', `app=${name}`, '-o', 'json']);
    const { items } = JSON.parse(pods) as { items: { metadata: { name: string }; spec: object }[] };
    return items.find(({ spec }) => 'readinessGates' in spec)?.metadata.name ?? false;
  });
  const body = JSON.stringify({ status: { conditions: [{ type: GATE, status }] } });
  await kubectl(['patch', 'pod', gated, '--subresource=status', '-p', body]);
}

function taken(answer: KubeAnswer): unknown {
  if (answer.status === 200) return answer.json;
  throw new Error(`${answer.status} ${answer.message}`);
}
