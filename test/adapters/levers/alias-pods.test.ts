import { describe, expect, it } from '@jest/globals';
import type { KubeAnswer } from '../../../lib/adapters/kubernetes/answers.ts';
import type { Patch, PodAt, PodClient } from '../../../lib/adapters/kubernetes/client.ts';
import { DEPLOYMENTS } from '../../../lib/adapters/kubernetes/objects.ts';
import { MOST_PODS, servedByPods } from '../../../lib/adapters/levers/alias/pods.ts';
import { restart } from '../../../lib/adapters/levers/alias/restart.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import type { Workload } from '../../../lib/core/alias-pods.ts';
import { OutsideTrouble } from '../../../lib/core/errors.ts';

const NOW = Date.UTC(2026, 10, 21, 9, 4, 5, 300);
const metadata = { name: 'web', namespace: 'ml', uid: 'u', resourceVersion: '1', generation: 2 };

interface Pod {
  readonly phase?: string;
  readonly ending?: boolean;
  readonly madeAt?: number;
  /** Text of its answer, or how it fails. */
  readonly says?: string;
  readonly status?: number;
}

const asPod = ({ phase = 'Running', ending, madeAt = NOW - 60_000 }: Pod, n: number) => ({
  metadata: {
    ...metadata,
    name: `web-${n}`,
    creationTimestamp: new Date(madeAt).toISOString(),
    ...(ending && { deletionTimestamp: new Date(NOW).toISOString() }),
  },
  spec: {},
  status: { phase },
});

/** A cluster with these pods, and all that was written and asked. */
function clusterOf(
  pods: readonly Pod[],
  {
    kind = 'deployment',
    object = {},
    takesMs = 0,
  }: Partial<{ kind: Workload['kind']; object: object; takesMs: number }> = {},
) {
  const clock = memoryClock(NOW);
  const patches: Patch[] = [];
  const asked: PodAt[] = [];
  const selectors: string[] = [];
  const ok = (json: unknown): KubeAnswer => ({ status: 200, json });
  const client: PodClient = {
    cluster: 'main',
    get: async () =>
      ok({
        metadata,
        spec: { replicas: 1, template: {}, selector: { matchLabels: { app: 'web' } } },
        status: {},
        ...object,
      }),
    list: async (_of, _namespace, selector) => {
      selectors.push(selector);
      return ok({ items: pods.map(asPod) });
    },
    patch: async (_object, patch) => {
      patches.push(patch);
      return ok({});
    },
    ask: async (at) => {
      asked.push(at);
      clock.advance(takesMs);
      const { says = '{"version":"3"}', status = 200 } = pods[Number(at.name.split('-')[1])] ?? {};
      if (says === 'nothing') throw new OutsideTrouble('no whole answer in 2000 ms');
      return { status, contentType: 'application/json', text: says };
    },
  };
  const workload: Workload = { kind, cluster: 'main', namespace: 'ml', name: 'web' };
  const place = { client, clock, workload };
  const read = () => servedByPods(place, { pods: workload, port: 80, path: '/version', json: 'version' });
  return { place, patches, asked, selectors, read, clock };
}

describe('what pods serve', () => {
  it('is asked of each that may have requests: also of one that is ending, and of none that runs nothing', async () => {
    const { read, asked } = clusterOf([
      {},
      { phase: 'Pending' },
      { phase: 'Succeeded' },
      { phase: 'Failed' },
      { ending: true },
    ]);

    expect(await read()).toEqual(['3', '3']);
    expect(asked.map(({ name }) => name)).toEqual(['web-0', 'web-4']);
    expect(asked[0]).toEqual({ namespace: 'ml', name: 'web-0', port: 80, path: '/version' });
  });

  it.each([
    ['does not answer', { says: 'nothing' }, 'pod web-1 cannot be read: no whole answer in 2000 ms'],
    [
      'ends without an answer',
      { says: 'nothing', ending: true },
      'pod web-1, which is ending, cannot be read: ',
    ],
    ['answers an error', { says: '{"version":"3"}', status: 500 }, 'it answered 500'],
    ['answers elsewhere', { says: '', status: 302 }, 'it answered 302'],
    ['answers a page', { says: '<html>' }, 'expected JSON'],
    ['names no version', { says: '{}' }, 'Cannot read "version" at /version: found nothing'],
    ['has loaded nothing', { says: '{"version":null}' }, 'found null'],
    ['says it at length', { says: `{"v":"${'x'.repeat(9999)}"}` }, 'found nothing'],
  ])('is never good where one %s', async (_, bad, words) => {
    const values = await clusterOf([{}, bad]).read();

    expect(values).toEqual(['3', expect.stringContaining(words)]);
    expect(values[1]?.length).toBeLessThanOrEqual(300);
  });

  it('is a value for each worker of a pod that names several', async () => {
    expect(await clusterOf([{ says: '{"version":["3","4"]}' }]).read()).toEqual(['3', '4']);
  });

  it('is not read of more pods than are in bounds, and that is never good', async () => {
    const { read, asked } = clusterOf(new Array<Pod>(MOST_PODS + 1).fill({}));

    expect(await read()).toEqual(['201 pods are running: more than 200 are not read']);
    expect(asked).toEqual([]);
  });

  it('ends within its time, whatever pods take', async () => {
    const { read, asked, clock } = clusterOf(new Array<Pod>(100).fill({}), { takesMs: 300 });

    const values = await read();

    expect(values).toHaveLength(100);
    expect(values.at(-1)).toBe('pod web-99 cannot be read: the 8 s for all pods are over');
    expect(asked.length).toBeLessThan(60);
    expect(clock.now() - NOW).toBeLessThan(15_000);
  });

  it('asks for the pods of the whole selector, and never for all of a namespace', async () => {
    const matchExpressions = [
      { key: 'tier', operator: 'In', values: ['a', 'b'] },
      { key: 'old', operator: 'DoesNotExist' },
      { key: 'app', operator: 'NotIn', values: ['c'] },
      { key: 'on', operator: 'Exists' },
    ];
    const spec = { template: {}, selector: { matchLabels: { app: 'web' }, matchExpressions } };
    const { read, selectors } = clusterOf([{}], { object: { spec } });

    await read();

    expect(selectors).toEqual(['app=web,tier in (a,b),!old,app notin (c),on']);
    await expect(clusterOf([{}], { object: { spec: { template: {} } } }).read()).rejects.toMatchObject({
      name: 'OutsideRefusal',
      message: expect.stringContaining('it has no selector of its own'),
    });
  });
});

const order = { incident: 'i', fence: 7, what: 'shop@champion=3' };
const done = { status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, availableReplicas: 1 } };

describe('a restart', () => {
  it('of a Deployment is the annotation that kubectl writes, on the object that was seen', async () => {
    const { place, patches } = clusterOf([], { object: done });

    await restart(place, order);

    expect(patches).toEqual([
      {
        type: 'merge-patch',
        fieldManager: 'reinstate',
        body: {
          metadata: {
            uid: 'u',
            annotations: {
              'reinstate/incident': 'i',
              'reinstate/fence': '7',
              'reinstate/restart': '2026-11-21T09:04:05.300Z i shop@champion=3',
            },
          },
          spec: {
            template: {
              metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-21T09:04:05.300Z' } },
            },
          },
        },
      },
    ]);
  });

  it.each([
    ['is the next whole second: pods are younger or older by that', NOW - 60_000, '2026-11-21T09:04:06Z'],
    [
      'is later than the newest pod, where our clock is behind the cluster',
      NOW + 4000,
      '2026-11-21T09:04:10Z',
    ],
  ])('of a Rollout %s, and never touches its template', async (_, madeAt, at) => {
    const object = { status: { observedGeneration: '2', availableReplicas: 1, restartedAt: at } };
    const { place, patches } = clusterOf([{ madeAt }], { kind: 'rollout', object });

    await restart(place, order);

    expect(patches.map(({ body }) => (body as { spec: unknown }).spec)).toEqual([{ restartAt: at }]);
    expect(JSON.stringify(patches)).not.toContain('template');
  });

  it.each([
    [
      'made anew in between is looked at again',
      'another',
      'OutsideTrouble',
      /it was made anew while it was written$/,
    ],
    [
      'that the cluster does not take is not tried again',
      'u',
      'OutsideRefusal',
      /the cluster answered 422: no$/,
    ],
  ])('of a Deployment %s', async (...[, uid, name, message]) => {
    const { place } = clusterOf([], { object: done });
    const patch: PodClient['patch'] = async () => ({ status: 422, message: 'no' });
    const first = await place.client.get({ of: DEPLOYMENTS, namespace: 'ml', name: 'web' });
    const answers = [
      first,
      {
        status: 200,
        json: { ...('json' in first && (first.json as object)), metadata: { ...metadata, uid } },
      } as const,
    ];
    const get: PodClient['get'] = async () => answers.shift() ?? first;

    const asked = restart({ ...place, client: { ...place.client, patch, get } }, order);

    await expect(asked).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  it('waits for its pods no longer than its function has, and leaves the rest to verification', async () => {
    const object = { status: { ...done.status, availableReplicas: 0 } };
    const { place, clock } = clusterOf([], { object });

    await restart(place, order);

    expect(clock.now() - NOW).toBeGreaterThan(9000);
    expect(clock.now() - NOW).toBeLessThanOrEqual(10_000);
  });
});
