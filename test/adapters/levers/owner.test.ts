import { describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../../../lib/adapters/kubernetes/client.ts';
import { liveWorkloads } from '../../../lib/adapters/levers/helm/workloads.ts';
import { ownerOf } from '../../../lib/adapters/levers/owner.ts';

const ARGO_CD = 'argocd.argoproj.io/tracking-id';
const helm = {
  labels: { 'app.kubernetes.io/managed-by': 'Helm' },
  annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'web' },
};
const flux = (prefix: string) => ({
  [`${prefix}.toolkit.fluxcd.io/name`]: 'churn',
  [`${prefix}.toolkit.fluxcd.io/namespace`]: 'apps',
});

describe('F43: who writes an object is read from what the tools leave on it', () => {
  it.each([
    ['nobody, without marks', {}, undefined],
    ['nobody, with annotations that are left of Helm', { annotations: helm.annotations }, undefined],
    ['Helm', helm, { kind: 'helm', release: 'shop', namespace: 'web' }],
    [
      'Argo CD',
      { annotations: { [ARGO_CD]: 'churn:apps/Deployment:ml/churn' } },
      { kind: 'argocd', application: 'churn' },
    ],
    [
      'Argo CD, by an application in another namespace than its own',
      { annotations: { [ARGO_CD]: 'team-a_churn:apps/Deployment:ml/churn' } },
      { kind: 'argocd', application: 'churn', namespace: 'team-a' },
    ],
    [
      'Argo CD, by the label of older installations',
      { labels: { 'argocd.argoproj.io/instance': 'churn' } },
      { kind: 'argocd', application: 'churn' },
    ],
    [
      'Argo CD, where it renders a chart',
      { ...helm, annotations: { ...helm.annotations, [ARGO_CD]: 'churn:apps/Deployment:ml/churn' } },
      { kind: 'argocd', application: 'churn' },
    ],
    [
      'a Kustomization of Flux',
      { labels: flux('kustomize') },
      { kind: 'flux', resource: 'Kustomization apps/churn' },
    ],
    [
      'a HelmRelease of Flux, which runs Helm itself',
      { ...helm, labels: { ...helm.labels, ...flux('helm') } },
      { kind: 'flux', resource: 'HelmRelease apps/churn' },
    ],
    [
      'Flux, in the namespace of the object where it names none',
      { labels: { 'kustomize.toolkit.fluxcd.io/name': 'churn' } },
      { kind: 'flux', resource: 'Kustomization ml/churn' },
    ],
    [
      'Argo CD, where Flux wrote it too',
      { labels: flux('kustomize'), annotations: { [ARGO_CD]: 'churn:apps/Deployment:ml/churn' } },
      { kind: 'argocd', application: 'churn' },
    ],
  ])('%s', (_, marks, owner) => {
    expect(ownerOf({ namespace: 'ml', ...marks })).toEqual(owner);
  });
});

describe('F43: a workload of a release', () => {
  const workload = { kind: 'Deployment', name: 'web', images: { web: 'web:1' }, template: {} } as const;
  const writerOf = async (annotations: Record<string, string>) => {
    const metadata = { annotations: { ...helm.annotations, ...annotations }, labels: helm.labels };
    const spec = { template: { spec: { containers: [{ name: 'web', image: 'web:1' }] } } };
    const client = { get: async () => ({ status: 200, json: { metadata, spec } }) } as unknown as KubeClient;
    const [live] = await liveWorkloads(client, 'shop', [workload]);
    return live?.writer;
  };

  it('says who writes it beside Helm', async () => {
    const tracked = { [ARGO_CD]: 'shop:apps/Deployment:shop/web' };

    expect(await writerOf(tracked)).toEqual({ kind: 'argocd', application: 'shop' });
    expect(await writerOf({})).toBeUndefined();
  });
});
