import { describe, expect, it } from '@jest/globals';
import {
  type ApiObject,
  anObject,
  aPlace,
  BAD,
  complete,
  controllerOf,
  GOOD,
  type Sent,
  withStatus,
} from './rollout-objects.ts';

describe('a Rollout whose template stands in a Deployment (workloadRef)', () => {
  const workloadRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'model-svc-pods' };
  const deployment = (over: { annotations?: object; labels?: object } = {}): ApiObject => ({
    metadata: {
      name: 'model-svc-pods',
      namespace: 'ml',
      uid: 'uid-9',
      resourceVersion: '90',
      generation: 3,
      ...over,
    },
    spec: { replicas: 0, template: { spec: {} } },
    status: {},
  });
  const referring = (status: object = {}) =>
    anObject({
      spec: { workloadRef, template: undefined },
      status: { workloadObservedGeneration: '3', ...status },
    });

  it('is aborted at the Rollout', async () => {
    const { act, sent } = aPlace({
      rollout: referring(),
      deployment: deployment(),
      controller: controllerOf,
    });

    expect(await act()).toEqual({});

    expect(sent.map(({ to }) => to)).toEqual(['rollouts/status']);
  });

  it('gets its good template back at the Deployment, under the Deployment it was', async () => {
    const fake = {
      rollout: referring(complete(BAD)),
      deployment: deployment(),
      controller: (object: ApiObject, patch: Sent) =>
        patch.to === 'deployments' ? withStatus(controllerOf(object, patch), complete(GOOD)) : object,
    };
    const { act, sent } = aPlace(fake);

    expect(await act()).toEqual({});

    expect(sent.map(({ to, name }) => [to, name])).toEqual([['deployments', 'model-svc-pods']]);
    expect(sent[0]?.body.slice(0, 4)).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'uid-9' },
      { op: 'test', path: '/metadata/generation', value: 3 },
      {
        op: 'replace',
        path: '/spec/template',
        value: {
          metadata: { labels: { app: 'model-svc' } },
          spec: { containers: [{ name: 'model', image: `model:${GOOD}` }] },
        },
      },
      { op: 'add', path: '/metadata/annotations', value: {} },
    ]);
  });

  it('cannot be told of while the controller has not seen a newer template of it', async () => {
    const { observe, clock } = aPlace({
      rollout: referring({ workloadObservedGeneration: '2' }),
      deployment: deployment(),
    });

    await expect(observe()).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(/has not seen generation 3 of the template \(is it running\?\)$/),
    });
    expect(clock.now()).toBeLessThanOrEqual(3000);
  });

  it('belongs to whoever writes the Deployment', async () => {
    const annotations = { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:ml/model-svc-pods' };
    const { observe } = aPlace({ rollout: referring(), deployment: deployment({ annotations }) });

    expect((await observe()).owner).toEqual({ kind: 'argocd', application: 'shop' });
  });

  it('is refused where that is gone, or is no Deployment', async () => {
    const gone = aPlace({ rollout: referring() });
    const other = aPlace({
      rollout: anObject({ spec: { workloadRef: { ...workloadRef, kind: 'ReplicaSet' } } }),
    });

    await expect(gone.observe()).rejects.toThrow(/^Cannot find Deployment "model-svc-pods", from which/);
    await expect(other.observe()).rejects.toThrow(/^Cannot use ReplicaSet ".+: expected a Deployment$/);
  });
});

describe('who writes the spec', () => {
  const helm = {
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'web' },
  };

  it.each([
    ['Helm, with its label', helm, { kind: 'helm', release: 'shop', namespace: 'web' }],
    ['nobody, with annotations that are left of Helm', { annotations: helm.annotations }, undefined],
    [
      'Argo CD, also where it renders a chart',
      {
        labels: helm.labels,
        annotations: {
          ...helm.annotations,
          'argocd.argoproj.io/tracking-id': 'shop:argoproj.io/Rollout:ml/x',
        },
      },
      { kind: 'argocd', application: 'shop' },
    ],
    [
      'Argo CD, by the label of older installations',
      { labels: { 'argocd.argoproj.io/instance': 'shop' } },
      { kind: 'argocd', application: 'shop' },
    ],
  ])('is %s', async (_name, metadata, owner) => {
    const { observe } = aPlace({ rollout: anObject({ metadata }) });

    expect((await observe()).owner).toEqual(owner);
  });
});
