import { systemClock } from '../../../lib/adapters/clock.ts';
import type { KubeAnswer } from '../../../lib/adapters/kubernetes/answers.ts';
import { type KubeClient, kubeClient } from '../../../lib/adapters/kubernetes/client.ts';
import {
  DEPLOYMENTS,
  type Deployment,
  deployment,
  REPLICA_SETS,
  replicaSet,
} from '../../../lib/adapters/kubernetes/objects.ts';
import { objectIn, objectsIn } from '../../../lib/adapters/kubernetes/reading.ts';
import { wireTo } from '../../../lib/adapters/kubernetes/wire.ts';
import { type Cluster, startCluster } from '../../../local/cluster/cluster.ts';
import { waitUntil } from '../../../local/wait.ts';
import { bound } from './rollout-manifests.ts';

/** Another one each time: removing the last one takes a while. */
export const NAMESPACE = `deployment-test-${Date.now().toString(36)}`;

/** A namespace of a cluster for Deployments. */
export interface DeploymentCluster {
  /** With exactly the permissions that docs/levers/deployment.md asks for. */
  readonly lever: KubeClient;
  /** @returns a Deployment whose v1 has all pods */
  make(): Promise<RealDeployment>;
  /** Of all Deployments of the cluster; a cluster that was given refuses. */
  controller(state: 'up' | 'down'): Promise<void>;
  clear(): Promise<void>;
  remove(): Promise<void>;
}

/** One Deployment, as everybody but the lever sees it. */
export interface RealDeployment {
  readonly name: string;
  read(): Promise<Deployment>;
  /** Pods by pod-template-hash. */
  pods(): Promise<Map<string, number>>;
  /** @param broken its pods never become ready */
  apply(version: string, broken?: boolean): Promise<void>;
  patch(body: unknown): Promise<void>;
  until<T>(what: string, probe: () => Promise<T | false>): Promise<T>;
}

export async function deploymentCluster(): Promise<DeploymentCluster> {
  const cluster = await startCluster(() => undefined);
  const kubectl = (args: readonly string[], items: readonly unknown[] = []) =>
    cluster.run('kubectl', ['-n', NAMESPACE, ...args], listOf(items));
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  await kubectl(['apply', '-f', '-'], [namespace, ...ACCOUNTS]);
  const [lever, person] = [await clientOf(cluster, 'lever'), await clientOf(cluster, 'person')];
  let made = 0;
  return {
    lever,
    make: async () => {
      const one = realDeployment(`pods-${++made}`, person, kubectl);
      await one.apply('v1');
      await one.until('its first pods', async () => isComplete(await one.read()));
      return one;
    },
    controller: (state) => (state === 'up' ? cluster.start('controllers') : cluster.stop('controllers')),
    clear: async () => void (await kubectl(['delete', 'deployments', '--all', '--wait=false'])),
    remove: async () => void (await kubectl(['delete', 'namespace', NAMESPACE, '--wait=false'])),
  };
}

const ACCOUNTS = [
  ...bound('lever', NAMESPACE, [
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'patch'] },
    { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
  ]),
  ...bound('person', NAMESPACE, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
];

async function clientOf(cluster: Cluster, account: string): Promise<KubeClient> {
  const token = (await cluster.run('kubectl', ['-n', NAMESPACE, 'create', 'token', account])).trim();
  const wire = wireTo(cluster.server, cluster.caData);
  return kubeClient({
    cluster: 'test',
    clock: systemClock(),
    wire,
    bearer: { who: account, token: async () => token },
  });
}

type Kubectl = (args: readonly string[], items?: readonly unknown[]) => Promise<string>;

function realDeployment(name: string, person: KubeClient, kubectl: Kubectl): RealDeployment {
  const at = { of: DEPLOYMENTS, namespace: NAMESPACE, name };
  return {
    name,
    read: async () => objectIn(deployment, taken(await person.get(at)), name),
    pods: async () => {
      const answer = taken(await person.list(REPLICA_SETS, NAMESPACE, `app=${name}`));
      return new Map(
        objectsIn(replicaSet, answer, name).map(({ metadata, status }) => [
          metadata.labels?.['pod-template-hash'] ?? '',
          status.replicas ?? 0,
        ]),
      );
    },
    apply: async (version, broken = false) =>
      void (await kubectl(['apply', '-f', '-'], [manifestOf(name, version, broken)])),
    patch: async (body) =>
      void taken(await person.patch(at, { type: 'merge-patch', body, fieldManager: 'person' })),
    until: (what, probe) => waitUntil(probe, { what: `${name}: ${what}`, seconds: 90 }),
  };
}

/** Of the newest template, and no pod of an older one. */
export const isComplete = ({ metadata, spec, status }: Deployment): boolean =>
  status.observedGeneration === metadata.generation &&
  [status.replicas, status.updatedReplicas, status.availableReplicas].every((n) => n === spec.replicas);

const manifestOf = (name: string, version: string, broken: boolean): unknown => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'model',
            image: `localhost/model-svc:${version}`,
            imagePullPolicy: 'Never',
            ...(broken && { readinessProbe: { tcpSocket: { port: 9 }, periodSeconds: 1 } }),
          },
        ],
      },
    },
  },
});

const listOf = (items: readonly unknown[]): string =>
  items.length === 0 ? '' : JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

function taken(answer: KubeAnswer): unknown {
  if (answer.status === 200) return answer.json;
  throw new Error(`${answer.status} ${answer.message}`);
}
