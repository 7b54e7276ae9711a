import { describe, expect, it } from '@jest/globals';
import { replicaSet, rollout as rolloutShape } from '../../../lib/adapters/kubernetes/objects.ts';
import { objectIn } from '../../../lib/adapters/kubernetes/reading.ts';
import { workloadOf } from '../../../lib/adapters/levers/rollout/workload.ts';
import { anObject, aPlace, BAD, GOOD } from './rollout-objects.ts';

const aSet = (hash: string, over: { image?: string; spec?: object; status?: object } = {}) =>
  objectIn(
    replicaSet,
    {
      metadata: {
        name: `model-svc-${hash}`,
        namespace: 'ml',
        uid: `uid-${hash}`,
        resourceVersion: '1',
        labels: { 'rollouts-pod-template-hash': hash },
        annotations: { 'rollout.argoproj.io/revision': hash === BAD ? '2' : '1' },
      },
      spec: {
        replicas: 2,
        template: { spec: { containers: [{ name: 'model', image: over.image ?? 'shop/model-svc:v5' }] } },
        ...over.spec,
      },
      status: over.status ?? { replicas: 2, readyReplicas: 1 },
    },
    'a ReplicaSet',
  );

const workload = (object: ReturnType<typeof anObject>, sets = [aSet(GOOD), aSet(BAD)]) =>
  workloadOf(
    objectIn(rolloutShape, object, 'a Rollout'),
    new Map(sets.map((set) => [set.metadata.labels?.['rollouts-pod-template-hash'] ?? '', set])),
  );

const canary = (routing: object, weights: object) =>
  anObject({ spec: { strategy: { canary: { trafficRouting: routing } } }, status: { canary: { weights } } });

describe('what people see of a Rollout', () => {
  it.each([
    ['registry.test:5000/shop/model-svc:v5', 'v5'],
    [`shop/model-svc:v5@sha256:${'1a2b3c4d5e6f'.padEnd(64, '0')}`, '1a2b3c4d5e6f'],
    [`registry.test:5000/model-svc@sha256:${'9'.repeat(64)}`, '999999999999'],
    ['model-svc', 'model-svc'],
    [`model-svc:${'x'.repeat(120)}`, 'x'.repeat(40)],
  ])('is of image %s what tells it apart: %s', (image, text) => {
    expect(workload(anObject(), [aSet(GOOD, { image })]).sets[0]?.image).toBe(text);
  });

  it('is how many pods are ready of those that are wanted, or still there', () => {
    const sets = [
      aSet(GOOD, { spec: { replicas: 4 }, status: { replicas: 4, readyReplicas: 3 } }),
      aSet(BAD, { spec: { replicas: 0 }, status: { replicas: 1 } }),
    ];

    expect(workload(anObject(), sets).sets).toMatchObject([
      { hash: BAD, role: 'canary', ready: 0, pods: 1 },
      { hash: GOOD, role: 'stable', ready: 3, pods: 4 },
    ]);
  });

  it('is a weight in percent, whatever the router calls everything', () => {
    const weights = {
      canary: { weight: 25, podTemplateHash: BAD },
      stable: { weight: 965, podTemplateHash: GOOD },
      additional: [{ weight: 10, podTemplateHash: 'experiment' }],
    };

    expect(workload(canary({ maxTrafficWeight: 1000 }, weights)).weights).toEqual({
      [BAD]: 2.5,
      [GOOD]: 96.5,
      experiment: 1,
    });
  });

  it('is one weight where stable and newest are the same, and theirs where no hash is named', () => {
    const whole = canary(
      {},
      { canary: { weight: 0, podTemplateHash: GOOD }, stable: { weight: 100, podTemplateHash: GOOD } },
    );
    const unnamed = canary({}, { canary: { weight: 10 }, stable: { weight: 90 } });

    expect(workload(whole).weights).toEqual({ [GOOD]: 100 });
    expect(workload(unnamed).weights).toEqual({ [GOOD]: 90, [BAD]: 10 });
  });

  it('is a weight that the router did not confirm, where the controller looks', () => {
    const weights = { canary: { weight: 0 }, stable: { weight: 100 } };

    expect(workload(canary({}, { ...weights, verified: false })).unconfirmed).toBe(true);
    expect(workload(canary({}, { ...weights, verified: true }))).not.toHaveProperty('unconfirmed');
  });

  it('is no weight of a canary without a router: what is left of one there is old', () => {
    const object = anObject({ spec: { strategy: { canary: {} } } });

    expect(workload(object)).not.toHaveProperty('weights');
  });

  it('is active and preview where the strategy is blueGreen, by the Service that users come through', () => {
    const object = anObject({
      spec: { strategy: { blueGreen: { activeService: 'model-svc' } } },
      status: { blueGreen: { activeSelector: GOOD } },
    });

    expect(workload(object).sets.map(({ hash, role }) => [hash, role])).toEqual([
      [BAD, 'preview'],
      [GOOD, 'active'],
    ]);
  });

  it('is asked for by the labels of this Rollout: others of its namespace are not read', async () => {
    const lists: string[] = [];
    const selector = { matchLabels: { app: 'model-svc', tier: 'api' } };
    const object = anObject();
    const { observe } = aPlace({ rollout: { ...object, spec: { ...object.spec, selector } }, lists });

    await observe();

    expect(lists).toEqual(['app=model-svc,tier=api,rollouts-pod-template-hash']);
  });
});
