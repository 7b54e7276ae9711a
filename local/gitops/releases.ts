/** What ships to the service that Git owns: manifests are commits, and Argo CD puts what its branch holds. */
import type { Cluster } from '../cluster/cluster.ts';
import { BAD, GOOD, NAMESPACE, rendered, SLOW_MS } from '../cluster/releases.ts';
import { waitUntil } from '../wait.ts';
import type { Repository } from './gitea.ts';
import type { Gitops } from './gitops.ts';

const SERVICE = 'churn';
/** Name of its repository, below Gitea's only user. */
const REPOSITORY = 'deploy';

/** Its full ARN ends in six characters that nobody chooses; the file of the service names these. */
export const GIT_SECRET = 'reinstate-git-Local0';
/** What the Git lever signs in with: a secret's `{"username","password"}`. */
export const gitSecret = ({ gitea }: Gitops): object => ({ username: 'reinstate', password: gitea.token });

/** Version v4, synced and serving everything once this returns. Safe to repeat. */
export async function shipHealthyByGit(cluster: Cluster, gitops: Gitops): Promise<void> {
  const repository = await gitops.gitea.repository(REPOSITORY);
  await commit(cluster, repository, { message: `${SERVICE}: ${GOOD}`, values: [`image.tag=${GOOD}`] });
  await cluster.run('kubectl', ['apply', '-f', '-'], JSON.stringify(application(gitops, repository)));
  await refresh(cluster, gitops);
  await holds(cluster, { what: 'to be Healthy', path: '.status.phase', value: 'Healthy', seconds: 120 });
}

/** Version v5 is merged, synced, and gets 10 % of the requests. @returns its version. */
export async function shipBadCommit(cluster: Cluster, gitops: Gitops): Promise<{ version: string }> {
  const repository = await gitops.gitea.repository(REPOSITORY);
  const values = [`image.tag=${BAD}`, `latencyMs=${SLOW_MS}`];
  await commit(cluster, repository, { message: `${SERVICE}: ${BAD}`, values });
  await refresh(cluster, gitops);
  const path = '.status.canary.weights.canary.weight';
  await holds(cluster, { what: 'to give its canary 10 %', path, value: '10', seconds: 60 });
  return { version: BAD };
}

interface Release {
  readonly message: string;
  readonly values: readonly string[];
}

/** One commit, as a pipeline makes it; none where the branch holds that already. */
async function commit(cluster: Cluster, repository: Repository, { message, values }: Release): Promise<void> {
  const manifests = await rendered(cluster, SERVICE, values);
  const path = `${SERVICE}/manifests.yaml`;
  if ((await repository.read(path)) !== manifests) await repository.commit(message, { [path]: manifests });
}

/** Rollouts writes weights into the TraefikService and hashes into Services: not what Git says, and not to be undone. */
const application = ({ namespace }: Gitops, { url }: Repository): object => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: SERVICE, namespace },
  spec: {
    project: 'default',
    source: { repoURL: url, targetRevision: 'main', path: SERVICE },
    destination: { server: 'https://kubernetes.default.svc', namespace: NAMESPACE },
    syncPolicy: {
      automated: { selfHeal: true, prune: true },
      syncOptions: ['RespectIgnoreDifferences=true'],
    },
    ignoreDifferences: [
      { group: 'traefik.io', kind: 'TraefikService', jsonPointers: ['/spec/weighted/services'] },
      { kind: 'Service', jsonPointers: ['/spec/selector'] },
    ],
  },
});

/** As the Git host's webhook does; by itself Argo CD may take five minutes. */
const refresh = (cluster: Cluster, { namespace }: Gitops): Promise<string> =>
  cluster.run('kubectl', [
    ...['annotate', 'application', SERVICE, '-n', namespace, '--overwrite'],
    'argocd.argoproj.io/refresh=normal',
  ]);

interface Wanted {
  readonly what: string;
  readonly path: string;
  readonly value: string;
  readonly seconds: number;
}

const holds = (cluster: Cluster, { what, path, value, seconds }: Wanted): Promise<unknown> =>
  waitUntil(async () => (await rolloutField(cluster, path)) === value, {
    what: `Rollout ${NAMESPACE}/${SERVICE} ${what}`,
    seconds,
  });

/** Empty while there is none. */
const rolloutField = (cluster: Cluster, path: string): Promise<string> =>
  cluster.run('kubectl', [
    ...['get', 'rollout', SERVICE, '-n', NAMESPACE, '--ignore-not-found', '-o', `jsonpath={${path}}`],
  ]);
