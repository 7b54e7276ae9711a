import { describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../../../lib/adapters/kubernetes/client.ts';
import { deployment, deploymentPort } from '../../../lib/adapters/levers/deployment.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { anArmedService } from '../../contracts/armed.ts';
import { orderOf } from '../../contracts/rollout-scene.ts';
import { aDeployment } from '../../service-builders.ts';
import { anObject, aPlace, aSet, BAD, GOOD, REVISION, takeUp } from './deployment-objects.ts';

const NAMED = 'Deployment "model-svc" in "ml" of cluster "shop"';

describe('the template of a ReplicaSet', () => {
  it('goes back as the spec had it, under the very Deployment that was looked at', async () => {
    const { act, sent, lists } = aPlace();

    expect(await act()).toEqual({});

    expect(sent).toEqual([
      {
        manager: 'reinstate',
        body: [
          { op: 'test', path: '/metadata/uid', value: 'uid-1' },
          { op: 'test', path: '/metadata/generation', value: 5 },
          {
            op: 'replace',
            path: '/spec/template',
            value: {
              metadata: { labels: { app: 'model-svc' } },
              spec: { containers: [{ name: 'model', image: `model:${GOOD}` }] },
            },
          },
          {
            op: 'add',
            path: '/metadata/annotations/reinstate~1incident',
            value: orderOf(GOOD, BAD).incident,
          },
          { op: 'add', path: '/metadata/annotations/reinstate~1fence', value: '7' },
        ],
      },
    ]);
    expect(new Set(lists)).toEqual(new Set(['app=model-svc,pod-template-hash']));
  });

  it('is not taken of a ReplicaSet that belongs to another Deployment', async () => {
    const others = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'model-svc', uid: 'uid-0' }];
    const set = aSet(GOOD, 1, 0);
    const foreign = { ...set, metadata: { ...set.metadata, ownerReferences: others } };
    const { observe, act } = aPlace({ sets: [foreign, aSet(BAD, 2, 3)] });

    expect((await observe()).candidate?.fit).toBe('missing');
    await expect(act()).rejects.toThrow(/its ReplicaSet is gone/);
  });
});

describe('pods that take long', () => {
  const slow = takeUp(1, 3, { replicas: 4, updatedReplicas: 1, availableReplicas: 3 });

  it('are waited for twelve seconds; then the step has done its part, and both are served', async () => {
    const { act, clock, observe, port, lever } = aPlace({ controller: slow });

    expect(await act()).toEqual({});

    expect(clock.now()).toBe(12_000);
    expect(await observe()).toMatchObject({ value: GOOD, progress: 'under-way' });
    expect(await port.served(lever)).toEqual([GOOD, BAD]);
  });

  it('are not waited for once somebody else has put another template', async () => {
    const { act, clock } = aPlace({
      controller: slow,
      passing: (fake, looks) => {
        if (looks !== 4) return;
        fake.sets = [aSet(GOOD, 3, 1), aSet(BAD, 4, 3)];
        fake.object = anObject({ metadata: { annotations: { [REVISION]: '4' } } });
      },
    });

    expect(await act()).toEqual({});

    expect(clock.now()).toBe(500);
  });

  it('do not come any more once somebody pauses it: that is told', async () => {
    const { act } = aPlace({
      controller: (fake) => {
        slow(fake);
        fake.object = fake.object && { ...fake.object, spec: { ...fake.object.spec, paused: true } };
      },
    });

    await expect(act()).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: `Cannot change ${NAMED}: somebody paused it (spec.paused), and its controller moves no pods until they resume it`,
    });
  });

  it.each([
    ['an old ReplicaSet that has a pod', {}, 1],
    ['a pod that is not available', { availableReplicas: 2 }, 0],
    ['a pod too many', { replicas: 4 }, 0],
    ['a pod that is of an older template', { updatedReplicas: 2 }, 0],
  ])('are %s', async (_, status, old) => {
    const { observe } = aPlace({ object: anObject({ status }), sets: [aSet(GOOD, 1, old), aSet(BAD, 2, 3)] });

    expect((await observe()).progress).toBe('under-way');
  });
});

describe('a patch that is refused', () => {
  const refused = { status: 422, message: 'the server rejected our request' } as const;
  const conflict = { status: 409, message: 'the object has been modified' } as const;

  it('F29: with 422, though all that it tests holds: is not sent again', async () => {
    const { act, sent } = aPlace({ refusals: [refused] });

    await expect(act()).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: `Cannot change ${NAMED}: the cluster refuses the change: "${refused.message}"`,
    });
    expect(sent).toHaveLength(1);
  });

  it('F29: with 409: is sent again after another look, three times at most', async () => {
    expect(await aPlace({ refusals: [conflict] }).act()).toEqual({});

    const { act, sent } = aPlace({ refusals: Array.from({ length: 9 }, () => conflict) });
    await expect(act()).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: `Cannot change ${NAMED}: it kept changing while it was written`,
    });
    expect(sent).toHaveLength(3);
  });

  it('F32: with 404, because it went: is refused', async () => {
    const { act } = aPlace({ refusals: [{ status: 404, message: 'deployments.apps not found' }] });

    await expect(act()).rejects.toMatchObject({ name: 'OutsideRefusal' });
  });

  it('while it tidies up, is tried three times and then left', async () => {
    const { act, sent } = aPlace({
      controller: (fake) => {
        takeUp(3, 0)(fake);
        const managedFields = [{ manager: 'reinstate', operation: 'Update' }];
        const metadata = { ...fake.object?.metadata, managedFields };
        fake.object = fake.object && { ...fake.object, metadata };
        fake.refusals = Array.from({ length: 9 }, () => conflict);
      },
    });

    expect(await act()).toEqual({});

    expect(sent.slice(1).map(({ body }) => body.at(-1)?.path)).toEqual(
      Array.from({ length: 3 }, () => '/metadata/managedFields/0'),
    );
  });
});

describe('F32: what cannot be used', () => {
  it('is a cluster that the environment does not name', async () => {
    const lever = aDeployment();
    const port = deployment({ clock: memoryClock(0) })(anArmedService([lever]));

    const refusal = {
      name: 'OutsideRefusal',
      message: 'Cannot reach cluster "shop": environment "local" has none of that name',
    };
    await expect(port.observe(lever)).rejects.toMatchObject(refusal);
    await expect(port.served(lever)).rejects.toMatchObject(refusal);
  });

  it('is one that has no ReplicaSet of its revision, which is waited for', async () => {
    const { observe, clock } = aPlace({ sets: [] });

    await expect(observe()).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: `Cannot tell what ${NAMED} holds: it has no ReplicaSet of its newest revision`,
    });
    expect(clock.now()).toBe(3000);
  });

  it('is an object of another shape', async () => {
    const { observe } = aPlace({ object: anObject({ metadata: { generation: 'five' } }) });

    await expect(observe()).rejects.toMatchObject({ name: 'OutsideTrouble' });
  });
});

describe('what instances say', () => {
  it('stands beside the hashes that have pods: one answer is one instance', async () => {
    const { fake, lever, clock } = aPlace();
    const client = {
      get: async () => ({ status: 200, json: fake.object }),
      list: async () => ({ status: 200, json: { items: [aSet(GOOD, 1, 1), aSet(BAD, 2, 3)] } }),
    } as unknown as KubeClient;
    const port = deploymentPort({ clock, clientOf: async () => client, told: async () => [GOOD] });

    expect(await port.served(lever)).toEqual([GOOD, BAD]);
  });
});
