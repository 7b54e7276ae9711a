import type { Owner } from '../../../core/step.ts';
import type { Rollout } from '../../kubernetes/objects.ts';

/** What the deploying tools leave on the objects they write. Where both did, Argo CD is the one that writes again. */
export const ownerOf = (metadata: Rollout['metadata']): Owner | undefined =>
  argocd(metadata) ?? helm(metadata);

/** By annotation (`app:group/kind:namespace/name`) or, in older installations, by label. */
function argocd({ labels = {}, annotations = {} }: Rollout['metadata']): Owner | undefined {
  const [tracked] = (annotations['argocd.argoproj.io/tracking-id'] ?? '').split(':');
  const application = tracked || labels['argocd.argoproj.io/instance'];
  return application ? { kind: 'argocd', application } : undefined;
}

function helm({ namespace: own, labels = {}, annotations = {} }: Rollout['metadata']): Owner | undefined {
  const release = annotations['meta.helm.sh/release-name'];
  if (!release || labels['app.kubernetes.io/managed-by'] !== 'Helm') return undefined;
  return { kind: 'helm', release, namespace: annotations['meta.helm.sh/release-namespace'] ?? own };
}
