import type { Owner } from '../../core/step.ts';

/** What an object says of who wrote it. `namespace` is its own. */
export interface Marks {
  readonly namespace: string;
  readonly labels?: Texts | undefined;
  readonly annotations?: Texts | undefined;
}

interface Texts {
  readonly [key: string]: string | undefined;
}

/** What the deploying tools leave on the objects they write. Where several did, the one counts that writes again. */
export const ownerOf = (marks: Marks): Owner | undefined => argocd(marks) ?? flux(marks) ?? helm(marks);

/**
 * By annotation (`app:group/kind:namespace/name`) or, in older installations, by label. Applications outside of Argo
 * CD's own namespace have theirs in front: `<namespace>_<app>` (docs/operator-manual/app-any-namespace.md).
 */
function argocd({ labels = {}, annotations = {} }: Marks): Owner | undefined {
  const [tracked] = (annotations['argocd.argoproj.io/tracking-id'] ?? '').split(':');
  const named = tracked || labels['argocd.argoproj.io/instance'];
  if (!named) return undefined;
  const [, namespace, application] = /^([^_]+)_(.+)$/.exec(named) ?? [];
  if (!namespace || !application) return { kind: 'argocd', application: named };
  return { kind: 'argocd', application, namespace };
}

const FLUX = { 'kustomize.toolkit.fluxcd.io': 'Kustomization', 'helm.toolkit.fluxcd.io': 'HelmRelease' };

function flux({ namespace: own, labels = {} }: Marks): Owner | undefined {
  for (const [prefix, kind] of Object.entries(FLUX)) {
    const name = labels[`${prefix}/name`];
    const namespace = labels[`${prefix}/namespace`] ?? own;
    if (name) return { kind: 'flux', resource: `${kind} ${namespace}/${name}` };
  }
  return undefined;
}

function helm({ namespace: own, labels = {}, annotations = {} }: Marks): Owner | undefined {
  const release = annotations['meta.helm.sh/release-name'];
  if (!release || labels['app.kubernetes.io/managed-by'] !== 'Helm') return undefined;
  return { kind: 'helm', release, namespace: annotations['meta.helm.sh/release-namespace'] ?? own };
}
