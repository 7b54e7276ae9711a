import { describe, expect, it } from '@jest/globals';
import { pod, replicaSet, rollout } from '../../../lib/adapters/kubernetes/objects.ts';
import { isObserved, objectIn, objectsIn, selectorOf } from '../../../lib/adapters/kubernetes/reading.ts';

const metadata = { name: 'web', namespace: 'prod', uid: 'u-1', resourceVersion: '7', generation: 3 };
const template = {
  metadata: { labels: { app: 'web' }, creationTimestamp: null },
  spec: {
    containers: [{ name: 'web', image: 'web:5', env: [{ name: 'A', value: '1' }] }],
    dnsPolicy: 'ClusterFirst',
  },
};
const canary = {
  metadata,
  spec: { replicas: 2, template, strategy: { canary: { steps: [{ setWeight: 10 }, { pause: {} }] } } },
  status: {
    observedGeneration: '3',
    currentPodHash: 'bad',
    stableRS: 'good',
    canary: { weights: { canary: { weight: 10, podTemplateHash: 'bad' }, stable: { weight: 90 } } },
  },
};

describe('objectIn', () => {
  it('keeps every field, so that a template can be copied whole', () => {
    expect(objectIn(rollout, canary, 'rollout "web"')).toEqual(canary);
  });

  it('takes an object that no controller has seen yet', () => {
    const { metadata, spec } = canary;

    expect(objectIn(rollout, { metadata, spec }, 'rollout "web"').status).toEqual({});
  });

  it('says where an object has another shape: that is trouble, not an empty field', () => {
    const odd = { ...canary, status: { ...canary.status, observedGeneration: 3 } };

    expect(() => objectIn(rollout, odd, 'rollout "web" in "prod"')).toThrow(
      /^Cannot read rollout "web" in "prod": "status.observedGeneration": expected string$/,
    );
    expect(() => objectIn(rollout, { kind: 'Status' }, 'rollout "web"')).toThrow(/"metadata"/);
    expect(() => objectIn(pod, undefined, 'pod "web"')).toThrow(
      expect.objectContaining({ name: 'OutsideTrouble' }),
    );
  });
});

describe('objectsIn', () => {
  it('reads each of a list', () => {
    const list = { kind: 'ReplicaSetList', items: [{ metadata, spec: { replicas: 1, template } }] };

    expect(objectsIn(replicaSet, list, 'replicasets').map(({ spec }) => spec.replicas)).toEqual([1]);
  });

  it('takes an answer without a list for trouble, never for an empty one', () => {
    expect(() => objectsIn(replicaSet, { kind: 'ReplicaSet' }, 'replicasets')).toThrow(
      /^Cannot read replicasets: "items": expected array$/,
    );
  });
});

describe('isObserved', () => {
  const at = (observedGeneration?: string) =>
    isObserved(objectIn(rollout, { ...canary, status: { observedGeneration } }, 'rollout'));

  it('compares the generation with the text that the controller writes', () => {
    expect([at('3'), at('2'), at(), at('')]).toEqual([true, false, false, false]);
    expect(
      isObserved({ metadata: { ...metadata, generation: 4 }, status: { observedGeneration: '3' } }),
    ).toBe(false);
  });
});

describe('selectorOf', () => {
  it('writes labels as a list wants them', () => {
    expect(selectorOf({ app: 'web', 'rollouts-pod-template-hash': 'abc' })).toBe(
      'app=web,rollouts-pod-template-hash=abc',
    );
  });
});
