/** Argo CD and a Git host beside the cluster: started only when wanted, ended with the cluster. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Cluster, once } from '../cluster/cluster.ts';
import { run } from '../cluster/command.ts';
import { requireDebianPackages } from '../cluster/debian.ts';
import { startServer, stopServer } from '../cluster/node.ts';
import { inFolder, type Place, placeOf, USUAL } from '../cluster/place.ts';
import { sourcePath } from '../paths.ts';
import { MissingPrerequisite } from '../python.ts';
import { waitUntil } from '../wait.ts';
import { type Gitea, giteaAt } from './gitea.ts';
import { giteaConfig, giteaUrl } from './gitea-config.ts';
import { type GitopsPrograms, gitopsPrograms, PACKAGES } from './programs.ts';
import { ARGOCD_NAMESPACE, type GitopsServer, giteaEnvironment, gitopsServers } from './servers.ts';

type Say = (line: string) => void;

export interface Gitops {
  /** The namespace of Argo CD and of its Applications. */
  readonly namespace: string;
  readonly gitea: Gitea;
  /** Ends one server, as a fault. Given ones are not ours: refused. */
  stop(server: GitopsServer): Promise<void>;
  start(server: GitopsServer): Promise<void>;
}

/** Safe to repeat, as `startCluster`: what is well is left alone, what is dead is started again. */
export async function startGitops(cluster: Cluster, say: Say, name: string = USUAL): Promise<Gitops> {
  if (process.env['KUBECONFIG']) return givenGitops(cluster);
  const programs = await buildGitops(say);
  const place = placeOf(name);
  const servers = gitopsServers(place, programs);
  const start = async (server: GitopsServer) => void (await startServer(place, servers[server]));
  await Promise.all([
    start('redis'),
    start('gitea'),
    once(place, `rules of ${programs['argocd-crds']}`, () => rules(cluster, programs)),
  ]);
  await start('repo-server');
  await start('argocd');
  const gitea = giteaAt(giteaUrl(place), await administrator(place, programs));
  const stop = async (server: GitopsServer) => void (await stopServer(place, server));
  return { namespace: ARGOCD_NAMESPACE, gitea, stop, start };
}

/** What Argo CD and the Git host are made of: made once. Nothing when all of it is there. */
export async function buildGitops(say: Say): Promise<GitopsPrograms> {
  await requireDebianPackages(say, PACKAGES);
  return gitopsPrograms(say);
}

/** The kinds of Argo CD, its settings, and the rights of its controller. */
async function rules({ run: call }: Cluster, programs: GitopsPrograms): Promise<void> {
  const apply = ['apply', '--server-side', '--force-conflicts'];
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ARGOCD_NAMESPACE } };
  await call('kubectl', [...apply, '-f', '-'], JSON.stringify(namespace));
  await call('kubectl', [...apply, '-k', programs['argocd-crds']]);
  const established = ['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s'];
  // A kind that is a moment old has no conditions yet, which kubectl takes for an error.
  await waitUntil(() => call('kubectl', established), { what: 'the kinds of Argo CD', seconds: 60 });
  await call('kubectl', [...apply, '-n', ARGOCD_NAMESPACE, '-k', programs['argocd-config']]);
  await call('kubectl', [...apply, '-f', sourcePath('gitops', 'manifests', 'argocd.yaml')]);
}

const USER = 'reinstate';

/** The token of Gitea's administrator, who is made once. */
async function administrator(place: Place, programs: GitopsPrograms): Promise<string> {
  const file = inFolder(place, 'gitea', 'token');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const config = ['--config', giteaConfig(place, programs)];
  const who = ['--username', USER, '--email', `${USER}@localhost`, '--random-password', '--admin'];
  const token = ['--must-change-password=false', '--access-token', '--access-token-scopes', 'all'];
  const said = await run(programs.gitea, [...config, 'admin', 'user', 'create', ...who, ...token], {
    env: giteaEnvironment(place),
  });
  const made = /Access token was successfully created[^0-9a-f]*([0-9a-f]{40})/.exec(said)?.[1];
  if (!made) throw new Error('cannot make the administrator of Gitea: it gave no token');
  writeFileSync(file, made, { mode: 0o600 });
  return made;
}

/** Argo CD and a Git host that somebody else runs. */
async function givenGitops(cluster: Cluster): Promise<Gitops> {
  const { GITEA_URL: url, GITEA_TOKEN: token } = process.env;
  const known = await cluster.run('kubectl', [
    'get',
    'crd',
    'applications.argoproj.io',
    '--ignore-not-found',
    '-o',
    'name',
  ]);
  if (known.trim() === '')
    throw new MissingPrerequisite(
      'The cluster of KUBECONFIG has no Argo CD (no CustomResourceDefinition applications.argoproj.io): install it there, or unset KUBECONFIG.',
    );
  if (!url || !token)
    throw new MissingPrerequisite(
      'With KUBECONFIG, Argo CD needs a Gitea that the cluster and this machine reach: name it in GITEA_URL, and a token of it in GITEA_TOKEN.',
    );
  const refuse = async (server: string) => {
    throw new Error(`cannot stop or start ${server}: it is not ours`);
  };
  return {
    namespace: process.env['ARGOCD_NAMESPACE'] ?? ARGOCD_NAMESPACE,
    gitea: giteaAt(url, token),
    stop: refuse,
    start: refuse,
  };
}
