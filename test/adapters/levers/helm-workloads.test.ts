import { describe, expect, it } from '@jest/globals';
import type { KubeAnswer } from '../../../lib/adapters/kubernetes/answers.ts';
import type { KubeClient, ObjectAt } from '../../../lib/adapters/kubernetes/client.ts';
import { workloadsIn } from '../../../lib/adapters/levers/helm/manifest.ts';
import { liveWorkloads } from '../../../lib/adapters/levers/helm/workloads.ts';

const MANIFEST = `---
# Source: web/templates/secret.yaml
apiVersion: v1
kind: Secret
metadata: {name: web}
stringData: {password: hunter2
---
# Source: web/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      initContainers: [{name: wait, image: "wait:1"}]
      containers:
        - name: web
          image: web:1
        - name: proxy
          image: proxy:1
--- # and more
apiVersion: batch/v1
kind: CronJob
metadata: {name: transform, namespace: jobs}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          containers: [{name: transform, image: "transform:1"}]
---
{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"text": "kind: Deployment"}}
---
apiVersion: extensions/v1beta1
kind: Deployment
metadata: {name: old}
spec: {template: {spec: {containers: [{name: a, image: a}]}}}
---
apiVersion: apps/v1
kind: DeploymentList
items:
  - apiVersion: apps/v1
    kind: Deployment
    metadata: {name: listed}
    spec: {template: {spec: {containers: [{name: a, image: a}]}}}
---
`;
const namesIn = (manifest: string) =>
  workloadsIn(manifest, 'revision 1').map(({ kind, name }) => `${kind}/${name}`);

describe('the workloads of a manifest', () => {
  it('are what runs containers and can be changed, those of a list too; nothing else is parsed', () => {
    expect(workloadsIn(MANIFEST, 'revision 1')).toMatchObject([
      { kind: 'Deployment', name: 'web', images: { wait: 'wait:1', web: 'web:1', proxy: 'proxy:1' } },
      { kind: 'CronJob', name: 'transform', namespace: 'jobs', images: { transform: 'transform:1' } },
      { kind: 'Deployment', name: 'listed', images: { a: 'a' } },
    ]);
  });

  it.each(['Deployment', 'StatefulSet', 'DaemonSet'])('are of kind %s', (kind) => {
    expect(namesIn(`apiVersion: apps/v1\nkind: "${kind}"\nmetadata: {name: a}\nspec: {}`)).toEqual([
      `${kind}/a`,
    ]);
  });

  it('are Rollouts, also those that refer to a template elsewhere', () => {
    const rollout =
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a}\nspec: {workloadRef: {name: a}}';

    expect(workloadsIn(rollout, 'revision 1')).toMatchObject([{ kind: 'Rollout', images: {} }]);
  });

  it('are none in an empty manifest', () => {
    expect(namesIn('')).toEqual([]);
  });

  it('I9: are refused without a quotation where they are not YAML', () => {
    const spoiled = 'kind: Deployment\nenv: [hunter2';
    const failed = (() => {
      try {
        return workloadsIn(spoiled, 'revision 7 of release "web"');
      } catch (error) {
        return error as Error;
      }
    })();

    expect(failed).toMatchObject({
      name: 'OutsideRefusal',
      message: 'Cannot read the manifest of revision 7 of release "web": it is not YAML',
    });
    expect((failed as Error).cause).toBeUndefined();
  });
});

interface Live {
  spec?: object;
  status?: object;
  containers?: object[];
}

/** One object, whichever is asked; as a Deployment of two pods that is all well unless told. */
function clientWith({ spec = {}, status = {}, containers = [{ name: 'web', image: 'web:1' }] }: Live) {
  const asked: ObjectAt[] = [];
  const full = { observedGeneration: 5, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
  const json = {
    metadata: { generation: 5 },
    spec: { replicas: 2, template: { spec: { containers } }, ...spec },
    status: { ...full, ...status },
  };
  const get = async (object: ObjectAt): Promise<KubeAnswer> => {
    asked.push(object);
    return { status: 200, json };
  };
  return { client: { cluster: 'main', get } as unknown as KubeClient, asked };
}

const manifestOf = (
  kind: string,
  template: object = { spec: { containers: [{ name: 'web', image: 'web:1' }] } },
) => {
  const apiVersion = { CronJob: 'batch/v1', Rollout: 'argoproj.io/v1alpha1' }[kind] ?? 'apps/v1';
  const spec = kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template };
  return workloadsIn(JSON.stringify({ apiVersion, kind, metadata: { name: 'web' }, spec }), 'revision 1');
};
const stateOf = async (live: Live, kind = 'Deployment', template?: object) =>
  (await liveWorkloads(clientWith(live).client, 'shop', manifestOf(kind, template)))[0]?.is;

describe('a live workload', () => {
  it('is as released where all its pods are of the newest template and available', async () => {
    expect(await stateOf({})).toBe('as released');
  });

  it.each([
    ['the controller has not seen its newest template', { observedGeneration: 4 }],
    ['a pod is still of an older one', { replicas: 3 }],
    ['not all pods are of the newest one', { updatedReplicas: 1 }],
    ['a pod is not available', { availableReplicas: 1 }],
    ['it says nothing of its pods', { updatedReplicas: undefined }],
  ])('F37: is not ready where %s', async (_, status) => {
    expect(await stateOf({ status })).toBe('not ready');
    expect(await stateOf({ status }, 'StatefulSet')).toBe('not ready');
  });

  it('is ready without pods where none are wanted, and wants one where it does not say', async () => {
    const none = { replicas: undefined, updatedReplicas: undefined, availableReplicas: undefined };

    expect(await stateOf({ spec: { replicas: 0 }, status: none })).toBe('as released');
    expect(await stateOf({ spec: { replicas: undefined }, status: none })).toBe('not ready');
  });

  it('F37: of kind DaemonSet is ready once each node has its pod', async () => {
    const each = { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 };

    expect(await stateOf({ status: each }, 'DaemonSet')).toBe('as released');
    expect(await stateOf({ status: { ...each, numberAvailable: 2 } }, 'DaemonSet')).toBe('not ready');
  });

  it.each(['Rollout', 'CronJob'])(
    'of kind %s is told by its images: it has a lever, or no pods',
    async (kind) => {
      const containers = [{ name: 'web', image: 'web:1' }];
      const spec = { jobTemplate: { spec: { template: { spec: { containers } } } } };
      const live = kind === 'CronJob' ? { spec: { ...spec, template: undefined } } : {};

      expect(await stateOf({ ...live, status: { replicas: 9 } }, kind)).toBe('as released');
    },
  );

  it('runs another image where one of the chart differs or is not there; others may run beside them', async () => {
    const [own, beside] = [
      { name: 'web', image: 'web:1' },
      { name: 'sidecar', image: 'x' },
    ];

    expect(await stateOf({ containers: [own, beside] })).toBe('as released');
    expect(await stateOf({ containers: [{ ...own, image: 'web:2' }] })).toBe('another image');
    expect(await stateOf({ containers: [beside] })).toBe('another image');
  });

  it('is not there where it was deleted', async () => {
    const client = { get: async () => ({ status: 404, message: 'not found' }) } as unknown as KubeClient;

    expect(await liveWorkloads(client, 'shop', manifestOf('Deployment'))).toEqual([
      { name: 'Deployment/web', is: 'not there' },
    ]);
  });

  it('is looked for in the namespace of the release, or in its own', async () => {
    const { client, asked } = clientWith({});

    await liveWorkloads(client, 'shop', workloadsIn(MANIFEST, 'revision 1').slice(0, 2));

    expect(asked.map(({ of, namespace, name }) => `${namespace}/${of.resource}/${name}`)).toEqual([
      'shop/deployments/web',
      'jobs/cronjobs/transform',
    ]);
  });
});

describe('F33: a live Rollout', () => {
  const setting = (value: unknown) => ({
    containers: [{ name: 'web', image: 'web:1', env: [{ name: 'A', value }] }],
  });

  it('has another template where something else than an image differs', async () => {
    expect(await stateOf(setting('1'), 'Rollout', { spec: setting('1') })).toBe('as released');
    expect(await stateOf(setting('2'), 'Rollout', { spec: setting('1') })).toBe('another template');
    expect(await stateOf({}, 'Rollout', { spec: setting('1') })).toBe('another template');
    expect(await stateOf(setting('2'), 'Deployment', { spec: setting('1') })).toBe('as released');
  });

  it('may have more than was sent, and less of what was sent empty', async () => {
    const [container] = setting('1').containers;
    const sent = { spec: { containers: [{ ...container, resources: {}, command: null }], volumes: [] } };

    expect(await stateOf(setting('1'), 'Rollout', sent)).toBe('as released');
    expect(
      await stateOf({ containers: [{ ...container, tty: true }] }, 'Rollout', { spec: setting('1') }),
    ).toBe('as released');
  });

  it('is read as Kubernetes reads YAML: 0644 is octal, and what may be a date is not compared', async () => {
    const text = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web}
spec:
  template:
    spec:
      containers: [{name: web, image: "web:1", env: [{name: SINCE, value: 2026-11-21}]}]
      volumes: [{name: a, secret: {defaultMode: 0644}}]
`;
    const volumes = [{ name: 'a', secret: { defaultMode: 420 } }];
    const env = [{ name: 'SINCE', value: '2026-11-21' }];
    const spec = { template: { spec: { containers: [{ name: 'web', image: 'web:1', env }], volumes } } };

    const { client } = clientWith({ spec });
    expect(await liveWorkloads(client, 'shop', workloadsIn(text, 'revision 1'))).toMatchObject([
      { is: 'as released' },
    ]);
  });
});
