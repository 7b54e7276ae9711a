/** Applications of a real Argo CD, each with a repository of its own in a real Gitea, and who returns what they hold. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { rolesFor } from '../../lib/cli/cluster-roles.ts';
import type { Cluster } from '../../local/cluster/cluster.ts';
import { git } from '../../local/git/program.ts';
import type { Repository } from '../../local/gitops/gitea.ts';
import type { Gitops } from '../../local/gitops/gitops.ts';
import {
  AUTOMATED,
  applicationOf,
  deployment,
  imageNamed,
  NAMESPACE,
  named,
} from '../real/helpers/argocd-scene.ts';
import { bound } from '../real/helpers/rollout-manifests.ts';
import { aBranch, anArmedService } from '../service-builders.ts';
import { GOOD, toldBy } from './cluster-scene.ts';
import type { GitPullAsked, GitPulled } from './gitops-pull.ts';
import { type Watch, watchOf } from './gitops-watch.ts';

export interface GitopsScene {
  readonly cluster: Cluster;
  readonly gitops: Gitops;
  /** May do to the Applications what `reinstate cluster rbac` allows apply-git, and nothing else. */
  readonly token: string;
  /** For clones. */
  readonly folder: string;
}

type Parts = Pick<GitopsScene, 'cluster' | 'gitops' | 'folder'>;

/** @param names of Applications that the lever may be asked for */
export async function gitopsScene(parts: Parts, names: readonly string[]): Promise<GitopsScene> {
  const { cluster, gitops } = parts;
  const { namespace } = gitops;
  const applications = names.map((name) => ({ cluster: 'bench', namespace, name: named(name) }));
  const roles = rolesFor({ environment: 'bench', levers: [], applications, kinds: [], workloadRef: false });
  const rules = roles.find(({ part }) => part === 'git')?.rules ?? [];
  await apply(cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
  await apply(cluster, bound('lever', namespace, [...rules]), '-n', namespace);
  const token = await cluster.run('kubectl', ['-n', namespace, 'create', 'token', 'lever']);
  return { ...parts, token: token.trim() };
}

const apply = ({ run }: Cluster, items: readonly unknown[], ...where: readonly string[]): Promise<string> =>
  run('kubectl', ['apply', ...where, '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));

/** An Application with auto-sync and selfHeal. */
export interface Followed {
  readonly name: string;
  readonly repository: Repository;
  /** A clone of somebody who may push. */
  readonly clone: string;
  readonly watch: Watch;
}

/** Synced and Healthy at its first commit, of the good version. */
export async function followed(scene: GitopsScene, name: string): Promise<Followed> {
  const { cluster, gitops, folder } = scene;
  const { namespace, gitea } = gitops;
  const repository = await gitea.repository(named(name));
  const commit = await repository.commit('The good version', filesOf(name, GOOD));
  await apply(cluster, [applicationOf({ name, namespace, url: repository.url, policy: AUTOMATED })]);
  const get = ['get', 'application', named(name), '-n', namespace];
  const watch = watchOf([cluster.kubectl, `--kubeconfig=${cluster.kubeconfig}`, ...get]);
  const clone = join(folder, name);
  await git(folder, ['clone', '--quiet', repository.url.replace('//', `//git:${gitea.token}@`), clone]);
  await watch.reached(commit, 120);
  return { name, repository, clone, watch };
}

const filesOf = (name: string, version: string) => ({
  [`${name}/deployment.yaml`]: deployment(name, version),
});

/** The branch's head before a bad release, and after it: commits, in full. */
export interface Shipped {
  readonly good: string;
  readonly bad: string;
}

/** Until the bad version is Synced and Healthy; the clone has it too. */
export async function shipped(scene: GitopsScene, it: Followed, tag: string): Promise<Shipped> {
  const good = await it.repository.head();
  const bad = await it.repository.commit(`The bad version ${tag}`, filesOf(it.name, tag));
  await annotated(scene, it);
  await it.watch.reached(bad, 60);
  await git(it.clone, ['pull', '--quiet', '--ff-only']);
  return { good, bad };
}

export async function annotated({ cluster, gitops }: GitopsScene, { name }: Followed): Promise<void> {
  const what = ['annotate', 'application', named(name), '--overwrite', 'argocd.argoproj.io/refresh=normal'];
  await cluster.run('kubectl', ['-n', gitops.namespace, ...what]);
}

/** Whoever is quick must also be right: the only pod is one of the good version, and ready. */
export async function proven({ cluster }: GitopsScene, { name }: Followed): Promise<void> {
  const counts = ['replicas', 'updatedReplicas', 'readyReplicas'].map((count) => `{.status.${count}}`);
  const path = `{.spec.template.spec.containers[0].image} ${counts.join('')}`;
  const get = ['-n', NAMESPACE, 'get', 'deployment', name, '-o', `jsonpath=${path}`];
  const now = await cluster.run('kubectl', get);
  const wanted = `${imageNamed(GOOD)} 111`;
  if (now !== wanted) throw new Error(`${name} is at ${now}, wanted ${wanted}`);
}

/** A return, as who asked for it knows it. Epoch ms. */
export interface Returned {
  readonly commit: string;
  readonly asked: number;
  /** The server had taken the push. */
  readonly pushed: number;
}

export type Way = (scene: GitopsScene, it: Followed, what: Shipped) => Promise<() => Promise<Returned>>;

/** The bare commands, in a clone that is up to date. */
export const byScript: Way = async (scene, it) => async () => {
  const returned = await revertedIn(it);
  await annotated(scene, it);
  return returned;
};

/** Nobody tells Argo CD. */
export const byPoll: Way = async (_, it) => () => revertedIn(it);

async function revertedIn({ clone }: Followed): Promise<Returned> {
  const asked = Date.now();
  await git(clone, ['revert', '--no-edit', 'HEAD']);
  await git(clone, ['push', '--quiet', 'origin', 'main']);
  const pushed = Date.now();
  return { commit: await git(clone, ['rev-parse', 'HEAD']), asked, pushed };
}

const [GIT_SECRET, CLUSTER_SECRET] = ['git', 'cluster'].map(
  (name) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:bench-${name}`,
) as [string, string];

/** Our lever, by its function that has just started. */
export const byLever: Way = async (scene, it, { good, bad }) => {
  const child = fork(join(import.meta.dirname, 'gitops-pull.ts'), { execArgv: ['--no-warnings'] });
  child.send({
    armed: armedFor(scene, it),
    secrets: {
      [GIT_SECRET]: JSON.stringify({ token: scene.gitops.gitea.token }),
      [CLUSTER_SECRET]: JSON.stringify({ token: scene.token }),
    },
    to: good,
    seen: bad,
  } satisfies GitPullAsked);
  await toldBy(child);
  return async () => {
    const asked = Date.now();
    child.send('act');
    const { conflict, pushed, revision } = await toldBy<GitPulled>(child);
    if (conflict !== undefined || pushed === undefined || revision === undefined)
      throw new Error(`the lever pushed nothing: ${conflict ?? 'all was good'}`);
    console.error(`lever: answered after ${Date.now() - asked} ms`);
    return { commit: revision, asked, pushed };
  };
};

function armedFor({ cluster, gitops }: GitopsScene, { name, repository }: Followed) {
  const lever = aBranch({
    repository: repository.url,
    paths: [name],
    secret: GIT_SECRET,
    host: 'gitea',
    application: { cluster: 'bench', namespace: gitops.namespace, name: named(name) },
  });
  const place = { endpoint: cluster.server, ca: cluster.caData, secret: CLUSTER_SECRET };
  return anArmedService({ service: { levers: [lever] }, clusters: { bench: place } });
}
