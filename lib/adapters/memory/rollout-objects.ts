import type { Owner } from '../../core/step.ts';
import { HASH_LABEL } from '../levers/rollout/template.ts';
import { type Images, type MemoryRollout, podHashOf } from './rollout-controller.ts';

/** A Rollout as the API shows it: canary with traffic routing, one step of some weight, then a pause without end. */
export type RolloutObject = ReturnType<typeof asObject>;

const STEPS = (weight: number) => [{ setWeight: weight }, { pause: {} }];

export const asObject = (rollout: MemoryRollout, at: { name: string; namespace: string }) => ({
  metadata: {
    name: at.name,
    namespace: at.namespace,
    uid: rollout.uid,
    generation: rollout.generation,
    resourceVersion: String(rollout.resourceVersion),
    labels: labelsOf(rollout.owner),
    annotations: { ...ownerAnnotations(rollout.owner), ...rollout.annotations },
    managedFields: rollout.managers.map((manager) => ({ manager, operation: 'Update' })),
  },
  spec: {
    paused: rollout.paused,
    template: templateOf(rollout.images, {}),
    strategy: { canary: { trafficRouting: {}, steps: STEPS(rollout.firstWeight) } },
  },
  status: statusOf(rollout),
});

export function labelsOf(owner: Owner | undefined): Record<string, string> {
  if (owner?.kind === 'helm') return { 'app.kubernetes.io/managed-by': 'Helm' };
  return owner?.kind === 'flux' ? fluxLabels(owner.resource) : {};
}

function fluxLabels(resource: string): Record<string, string> {
  const [, tool, namespace = '', name = ''] = /^(Kustomization|HelmRelease) (.+)\/(.+)$/.exec(resource) ?? [];
  const prefix = tool === 'HelmRelease' ? 'helm' : 'kustomize';
  return {
    [`${prefix}.toolkit.fluxcd.io/name`]: name,
    [`${prefix}.toolkit.fluxcd.io/namespace`]: namespace,
  };
}

export function ownerAnnotations(owner: Owner | undefined): Record<string, string> {
  switch (owner?.kind) {
    case 'helm':
      return {
        'meta.helm.sh/release-name': owner.release,
        'meta.helm.sh/release-namespace': owner.namespace,
      };
    case 'argocd':
      return { 'argocd.argoproj.io/tracking-id': `${trackedAs(owner)}:argoproj.io/Rollout:x/x` };
    case 'flux':
    case undefined:
      return {};
  }
}

/** With Applications in any namespace the name has its namespace before it. */
const trackedAs = ({ application, namespace }: Owner & { kind: 'argocd' }): string =>
  namespace === undefined ? application : `${namespace}_${application}`;

export const templateOf = (images: Images, labels: Record<string, string>) => ({
  metadata: { labels: { app: 'app', ...labels } },
  spec: { containers: Object.entries(images).map(([name, image]) => ({ name, image })) },
});

interface Status {
  readonly abort?: boolean;
  readonly promoteFull?: boolean;
  readonly [field: string]: unknown;
}

function statusOf(rollout: MemoryRollout): Status {
  const { currentPodHash, stableRS, canaryWeight, abortedAt } = rollout;
  const isPaused = currentPodHash !== stableRS && !rollout.abort;
  return {
    observedGeneration: String(rollout.observedGeneration),
    currentPodHash,
    stableRS,
    abort: rollout.abort,
    promoteFull: rollout.promoteFull,
    ...(abortedAt !== undefined && { abortedAt: new Date(abortedAt).toISOString() }),
    pauseConditions: isPaused ? [{ reason: 'CanaryPauseStep' }] : [],
    currentStepIndex: currentPodHash === stableRS ? 2 : 1,
    canary: {
      weights: {
        canary: { weight: canaryWeight, podTemplateHash: currentPodHash },
        stable: { weight: 100 - canaryWeight, podTemplateHash: stableRS },
      },
    },
  };
}

export const replicaSetsIn = (rollout: MemoryRollout) =>
  [...rollout.replicaSets].map(([hash, { images, revision }]) => ({
    metadata: {
      name: `app-${hash}`,
      namespace: 'any',
      uid: `${rollout.uid}-${hash}`,
      resourceVersion: '1',
      labels: { [HASH_LABEL]: hash },
      annotations: { 'rollout.argoproj.io/revision': String(revision) },
      ownerReferences: [
        { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'app', uid: rollout.uid },
      ],
    },
    spec: {
      replicas: podsOf(rollout, hash),
      template: templateOf(images, { [HASH_LABEL]: podHashOf(images) }),
    },
    status: { replicas: podsOf(rollout, hash), readyReplicas: podsOf(rollout, hash) },
  }));

/** A Rollout of one replica: whoever gets requests has a pod, which is ready at once. */
const podsOf = ({ stableRS, currentPodHash, canaryWeight }: MemoryRollout, hash: string): number =>
  hash === stableRS || (hash === currentPodHash && canaryWeight > 0) ? 1 : 0;
