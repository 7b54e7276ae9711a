import { describe, expect, it } from '@jest/globals';
import { anObject, aPlace, aReplicaSet, BAD, complete, controllerOf, GOOD } from './rollout-objects.ts';

describe('the template that goes back', () => {
  const promoted = () => anObject({ status: complete(BAD) });
  const templateSent = async (set: ReturnType<typeof aReplicaSet>) => {
    const { act, sent } = aPlace({ rollout: promoted(), sets: [set], controller: controllerOf });
    await act();
    return sent[0]?.body.find(({ path }) => path === '/spec/template')?.value;
  };

  it('leaves out what pods have only as canary or as stable: else its hash is a new one', async () => {
    const ephemeral = { labels: { role: 'stable' }, annotations: { 'shop/role': 'stable' } };
    const set = aReplicaSet(GOOD, {
      metadata: { annotations: { 'rollout.argoproj.io/ephemeral-metadata': JSON.stringify(ephemeral) } },
      template: {
        metadata: {
          labels: { app: 'model-svc', role: 'stable', 'rollouts-pod-template-hash': GOOD },
          annotations: { 'shop/role': 'stable', 'shop/team': 'ml' },
        },
      },
    });

    expect(await templateSent(set)).toMatchObject({
      metadata: { labels: { app: 'model-svc' }, annotations: { 'shop/team': 'ml' } },
    });
    expect(JSON.stringify(await templateSent(set))).not.toMatch(/stable|pod-template-hash/);
  });

  it.each(['canary', 'blueGreen'])(
    'is refused for a %s with antiAffinity, which makes it a new version',
    async (name) => {
      const antiAffinity = { preferredDuringSchedulingIgnoredDuringExecution: { weight: 1 } };
      const { act, sent } = aPlace({
        rollout: anObject({
          spec: { strategy: { [name]: { antiAffinity } } },
          status: { ...complete(BAD), blueGreen: { activeSelector: BAD } },
        }),
      });

      await expect(act()).rejects.toMatchObject({
        name: 'OutsideRefusal',
        message: expect.stringMatching(/takes what is put back for a new version; apply the manifest/),
      });
      expect(sent).toEqual([]);
    },
  );

  it('is not needed for an abort, which antiAffinity does not hinder', async () => {
    const canary = { antiAffinity: {}, trafficRouting: {}, steps: [{ setWeight: 10 }] };
    const { act, sent } = aPlace({
      rollout: anObject({ spec: { strategy: { canary } } }),
      controller: controllerOf,
    });

    expect(await act()).toEqual({});
    expect(sent).toHaveLength(1);
  });

  it('is refused where it cannot be told what the controller added', async () => {
    const annotations = { 'rollout.argoproj.io/ephemeral-metadata': '{' };
    const { act, sent } = aPlace({
      rollout: promoted(),
      sets: [aReplicaSet(GOOD, { metadata: { annotations } })],
    });

    await expect(act()).rejects.toMatchObject({ name: 'OutsideRefusal' });
    expect(sent).toEqual([]);
  });
});

describe('a digest', () => {
  const digestOf = async (spec: object) => {
    const sets = [aReplicaSet(GOOD, { template: { spec } })];
    return (await aPlace({ rollout: anObject(), sets }).observe()).candidate?.digest;
  };

  it('is of the images of all containers, in whatever order they stand', async () => {
    const web = { name: 'web', image: 'web:1' };
    const init = { name: 'init', image: 'init:1' };
    const sidecar = { name: 'sidecar', image: 'sidecar:1' };
    const digest = await digestOf({ containers: [web, sidecar], initContainers: [init] });

    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await digestOf({ containers: [sidecar, web], initContainers: [init] })).toBe(digest);
    expect(await digestOf({ containers: [web, sidecar] })).not.toBe(digest);
    expect(
      await digestOf({ containers: [{ ...web, image: 'web:2' }, sidecar], initContainers: [init] }),
    ).not.toBe(digest);
  });
});

describe('fields that we own', () => {
  const entry = (manager: string, subresource?: string) => ({
    manager,
    operation: 'Update',
    ...(subresource && { subresource }),
  });

  it('of the spec are given up, by place and name; those of the status stay', async () => {
    const managedFields = [entry('kubectl'), entry('reinstate', 'status'), entry('reinstate')];
    const { act, sent } = aPlace({
      rollout: anObject({ metadata: { managedFields }, status: complete(GOOD) }),
    });

    expect(await act()).toEqual({});

    expect(sent.map(({ to, body }) => [to, body])).toEqual([
      [
        'rollouts',
        [
          { op: 'test', path: '/metadata/uid', value: 'uid-1' },
          { op: 'test', path: '/metadata/managedFields/2/manager', value: 'reinstate' },
          { op: 'test', path: '/metadata/managedFields/2/operation', value: 'Update' },
          { op: 'remove', path: '/metadata/managedFields/2' },
        ],
      ],
    ]);
  });

  it('are looked for again where the controller wrote at the same time', async () => {
    const rollout = anObject({
      metadata: { managedFields: [entry('kubectl'), entry('reinstate')] },
      status: complete(GOOD),
    });
    const { act, sent } = aPlace({ rollout, refusals: [{ status: 422, message: 'no' }] });

    expect(await act()).toEqual({});

    expect(sent.map(({ to }) => to)).toEqual(['rollouts', 'rollouts']);
  });

  it('stay where that goes on: requests go right by then', async () => {
    const rollout = anObject({ metadata: { managedFields: [entry('reinstate')] }, status: complete(GOOD) });
    const refusals = Array.from({ length: 9 }, () => ({ status: 409, message: 'no' }) as const);
    const { act, sent } = aPlace({ rollout, refusals });

    expect(await act()).toEqual({});

    expect(sent).toHaveLength(3);
  });
});
