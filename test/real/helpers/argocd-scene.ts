/** A repository in a real Gitea, Applications of a real Argo CD that follow it, and the adapter with its Role alone. */
import { argocd } from '../../../lib/adapters/argocd/syncer.ts';
import { systemClock } from '../../../lib/adapters/clock.ts';
import { kubeClient } from '../../../lib/adapters/kubernetes/client.ts';
import { wireTo } from '../../../lib/adapters/kubernetes/wire.ts';
import type { PushedOrder, SyncedLever, Syncer } from '../../../lib/adapters/levers/git/syncer.ts';
import { rolesFor } from '../../../lib/cli/cluster-roles.ts';
import { type Cluster, startCluster } from '../../../local/cluster/cluster.ts';
import type { Repository } from '../../../local/gitops/gitea.ts';
import { type Gitops, startGitops } from '../../../local/gitops/gitops.ts';
import { waitUntil } from '../../../local/wait.ts';
import { bound } from './rollout-manifests.ts';

/** Another one each time: removing the last one takes a while. */
export const NAMESPACE = `argocd-test-${Date.now().toString(36)}`;

const RUN = Date.now().toString(36);

export interface ArgoScene {
  readonly cluster: Cluster;
  readonly gitops: Gitops;
  readonly repository: Repository;
  /** With exactly the permissions that `reinstate cluster rbac` prints. */
  readonly syncer: Syncer;
  kubectl(...args: string[]): Promise<string>;
  /** An Application of this folder, whose first commit is synced. */
  application(name: string, policy?: object): Promise<SyncedLever>;
  /** What the field of an Application holds, as JSON or text. */
  field(name: string, path: string): Promise<string>;
  /** As a person does it, without waiting. */
  refresh(name: string): Promise<string>;
  imageOf(name: string): Promise<string>;
  order(commit: string, seconds?: number): PushedOrder;
  leverOf(name: string): SyncedLever;
  remove(): Promise<void>;
}

/** Names of the Applications that the Role of the adapter knows. */
const NAMES = ['churn', 'fraud', 'stuck', 'manual', 'child'];

export const named = (name: string): string => `${name}-${RUN}`;

export async function argoScene(): Promise<ArgoScene> {
  const cluster = await startCluster(() => undefined);
  const gitops = await startGitops(cluster, () => undefined);
  const repository = await gitops.gitea.repository(named('deploy'));
  const { namespace } = gitops;
  const kubectl = (...args: string[]) => cluster.run('kubectl', args);
  const apply = (items: readonly unknown[]) =>
    cluster.run('kubectl', ['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
  await cluster.run('kubectl', ['apply', '-n', namespace, '-f', '-'], JSON.stringify(account(namespace)));
  const field = (name: string, path: string) =>
    kubectl('get', 'application', named(name), '-n', namespace, '-o', `jsonpath={${path}}`);
  const leverOf = (name: string): SyncedLever => ({
    repository: repository.url,
    branch: 'main',
    application: { cluster: 'test', namespace, name: named(name) },
  });
  const syncer = await limited(cluster, namespace);
  const order = (commit: string, seconds = 60): PushedOrder => ({
    incident: 'churn-20261121T120000-0a1b2c3d',
    fence: 1,
    commit,
    reaches: async (revision) => revision === commit,
    until: Date.now() + seconds * 1000,
  });
  return {
    ...{ cluster, gitops, repository, syncer, kubectl, field, leverOf, order },
    application: async (name, policy = AUTOMATED) => {
      const commit = await repository.commit(`Begin ${name}`, {
        [`${name}/deployment.yaml`]: deployment(name, 'v1'),
      });
      await apply([applicationOf({ name, namespace, url: repository.url, policy })]);
      await syncer.afterPush(leverOf(name), order(commit));
      return leverOf(name);
    },
    refresh: (name) =>
      kubectl('annotate', 'application', named(name), '-n', namespace, 'argocd.argoproj.io/refresh=normal'),
    imageOf: async (name) =>
      kubectl(
        'get',
        'deployment',
        name,
        '-n',
        NAMESPACE,
        '-o',
        'jsonpath={.spec.template.spec.containers[0].image}',
      ),
    remove: async () => {
      await kubectl('delete', 'application', '-n', namespace, '-l', `run=${RUN}`, '--wait=false');
      await kubectl('delete', 'namespace', NAMESPACE, '--wait=false');
      await repository.remove();
    },
  };
}

/** What `reinstate cluster rbac` prints for apply-git. */
const account = (namespace: string) => {
  const applications = NAMES.map((name) => ({ cluster: 'test', namespace, name: named(name) }));
  const roles = rolesFor({ environment: 'test', levers: [], applications, kinds: [], workloadRef: false });
  const rules = roles.find(({ part }) => part === 'git')?.rules ?? [];
  return { apiVersion: 'v1', kind: 'List', items: bound('lever', namespace, [...rules]) };
};

async function limited(cluster: Cluster, namespace: string): Promise<Syncer> {
  const token = (await cluster.run('kubectl', ['-n', namespace, 'create', 'token', 'lever'])).trim();
  const clock = systemClock();
  const bearer = { who: 'the account of the test', token: async () => token };
  const client = kubeClient({ cluster: 'test', wire: wireTo(cluster.server, cluster.caData), bearer, clock });
  return argocd({ clock, clientOf: async () => client });
}

export const AUTOMATED = { automated: { prune: true, selfHeal: true } };

interface Following {
  readonly name: string;
  readonly namespace: string;
  readonly url: string;
  readonly policy: object;
}

export const applicationOf = ({ name, namespace, url, policy }: Following) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: named(name), namespace, labels: { run: RUN } },
  spec: {
    project: 'default',
    source: { repoURL: url, targetRevision: 'main', path: name },
    destination: { server: 'https://kubernetes.default.svc', namespace: NAMESPACE },
    syncPolicy: policy,
  },
});

/** @param version the image's tag; `none` is no image that there is, so that no pod of it ever is ready */
export const deployment = (name: string, version: string, spec: object = {}): string =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: 'model', image: imageNamed(version), imagePullPolicy: 'Never' }],
        },
      },
      ...spec,
    },
  });

export const imageNamed = (version: string): string => `localhost/model-svc:${version}`;

export const until = <T>(what: string, probe: () => Promise<T | undefined | false>): Promise<T> =>
  waitUntil(probe, { what, seconds: 60, everyMs: 100 });
