import { systemClock } from '../../../lib/adapters/clock.ts';
import type { KubeClient } from '../../../lib/adapters/kubernetes/client.ts';
import type { Rollout } from '../../../lib/adapters/kubernetes/objects.ts';
import { rolloutPort } from '../../../lib/adapters/levers/rollout.ts';
import { OutsideTrouble } from '../../../lib/core/errors.ts';
import type { Owner } from '../../../lib/core/step.ts';
import type { RolloutScene } from '../../contracts/rollout-lever.ts';
import { aRollout } from '../../service-builders.ts';
import { type HookPoint, hookPoint } from './hooks.ts';
import { managersOf } from './managers.ts';
import type { RealRollout } from './real-rollout.ts';
import type { Variant } from './rollout-manifests.ts';
import { NAMESPACE, type RolloutCluster } from './rollouts.ts';

export type RealScene = RolloutScene & { readonly real: RealRollout };

/** A Rollout that serves v1, and everybody who does something to it. */
export async function sceneIn(cluster: RolloutCluster, variant: Variant = {}): Promise<RealScene> {
  const real = await cluster.make(variant);
  const hooks = hookPoint();
  const lever = aRollout({ cluster: 'test', namespace: NAMESPACE, rollout: real.name });
  const client = hooked(cluster.lever, hooks);
  return {
    real,
    port: rolloutPort({ clock: systemClock(), clientOf: async () => client, served: async () => undefined }),
    lever,
    good: (await real.read()).status.stableRS ?? '',
    push: async (version) => {
      const before = (await real.read()).status.currentPodHash;
      await real.apply(version);
      const found = await real.until(`runs ${version}`, (now) => isAtFirstPause(now, before));
      return found.status.currentPodHash ?? '';
    },
    pushUnseen: real.apply,
    promote: async () => {
      const { strategy } = (await real.read()).spec;
      const currentStepIndex = strategy?.canary?.steps?.length ?? null;
      await real.patch({ status: { pauseConditions: null, currentStepIndex } }, 'status');
      await real.until('promoted', (now) => isComplete(now) && now.status.phase === 'Healthy');
    },
    abort: () => real.patch({ status: { abort: true } }, 'status'),
    pause: async () => {
      await real.patch({ spec: { paused: true } });
      await real.until('paused', (now) => now.spec.paused === true);
    },
    give: (owner) => real.patch({ metadata: marksOf(owner) }),
    // A controller leaves Rollouts of another instance alone.
    controller: (state) =>
      real.patch({ metadata: { labels: { [INSTANCE]: state === 'up' ? null : 'nobody' } } }),
    shares: async () => sharesOf(await real.read()),
    settled: () => settled(real),
    templates: async () => (await real.sets()).length,
    managers: async () => managersOf(await real.read()),
    beforePatch: (what) => hooks.before('patch', async () => void (await what())),
    losePatch: () => hooks.lose('patch'),
  };
}

const INSTANCE = 'argo-rollouts.argoproj.io/controller-instance-id';

/** Its patches pass the hooks; an answer that is lost is trouble, as the client has it. */
export const hooked = <T extends KubeClient>(client: T, hooks: HookPoint): T => ({
  ...client,
  patch: (object, patch) =>
    hooks
      .around('patch', () => client.patch(object, patch))
      .catch((error: Error) => {
        throw error.message === 'socket hang up' ? new OutsideTrouble(error.message) : error;
      }),
});

/** Ten percent, or for strategies without weights the pause of its first step. */
function isAtFirstPause({ status }: Rollout, before: string | undefined): boolean {
  const { weights } = status.canary ?? {};
  const isThere = weights ? weights.canary.weight === 10 : status.phase === 'Paused';
  return status.currentPodHash !== before && isThere && (status.pauseConditions ?? []).length > 0;
}

/** What a tool leaves on the objects that it writes. */
export function marksOf(owner: Owner): Record<string, unknown> {
  if (owner.kind === 'argocd') {
    return {
      annotations: { 'argocd.argoproj.io/tracking-id': `${owner.application}:argoproj.io/Rollout:a/b` },
    };
  }
  if (owner.kind === 'flux') throw new Error(`Cannot mark an object as of ${owner.resource}`);
  const { release, namespace } = owner;
  return {
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: { 'meta.helm.sh/release-name': release, 'meta.helm.sh/release-namespace': namespace },
  };
}

/** Whatever it is that nothing is still going on about. */
async function settled(real: RealRollout) {
  const ends = ['Healthy', 'Degraded', 'Paused'];
  let last = '';
  const { status } = await real.until('settled', ({ status: now }) => {
    const text = JSON.stringify([now.currentPodHash, now.stableRS, now.abortedAt, now.canary, now.phase]);
    const same = text === last && ends.includes(now.phase ?? '');
    last = text;
    return same;
  });
  return {
    spec: status.currentPodHash ?? '',
    stable: status.stableRS ?? '',
    aborted: status.abortedAt !== undefined,
  };
}

export const isComplete = ({ status }: Rollout): boolean =>
  status.stableRS !== undefined && status.stableRS === status.currentPodHash;

/** Percent by hash, as the controller told the router. */
export function sharesOf({ status }: Rollout): Record<string, number> {
  const { weights } = status.canary ?? {};
  const shares: Record<string, number> = {};
  for (const { weight, podTemplateHash = '' } of weights ? [weights.canary, weights.stable] : []) {
    if (weight > 0) shares[podTemplateHash] = (shares[podTemplateHash] ?? 0) + weight;
  }
  return shares;
}
