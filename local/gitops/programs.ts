/** Argo CD and Gitea, built once from pinned Go modules as the cluster's own servers are. */
import { type Built, built, type Manifest, type Program } from '../cluster/build.ts';
import type { Packages } from '../cluster/debian.ts';

type Say = (line: string) => void;

const ARGOCD = 'github.com/argoproj/argo-cd/v3';
const GITEA = 'code.gitea.io/gitea';

/** Without the package `redis-server`: it would start a service of this machine. Its program is in `redis-tools`. */
export const PACKAGES: Packages = {
  git: 'git',
  'redis-tools': '/usr/bin/redis-check-rdb',
  gcc: 'gcc',
  'libc6-dev': '/usr/include/stdio.h',
};

const PROGRAMS = [
  { name: 'argocd', module: 'argocd', source: `${ARGOCD}/cmd` },
  { name: 'gitea', module: 'gitea', source: GITEA },
] as const satisfies readonly Program[];

const MANIFESTS = [
  { module: 'argocd', from: ARGOCD, path: 'manifests/crds', to: 'argocd-crds' },
  { module: 'argocd', from: ARGOCD, path: 'manifests/base/config', to: 'argocd-config' },
  { module: 'argocd', from: ARGOCD, path: 'hack/git-verify-wrapper.sh', to: 'git-verify-wrapper.sh' },
  { module: 'argocd', from: ARGOCD, path: 'hack/git-ask-pass.sh', to: 'git-ask-pass.sh' },
  { module: 'gitea', from: GITEA, path: 'templates', to: 'templates' },
  { module: 'gitea', from: GITEA, path: 'options', to: 'options' },
  { module: 'gitea', from: GITEA, path: 'public', to: 'public' },
] as const satisfies readonly Manifest[];

/** Paths by name, of programs and of what they read. */
export type GitopsPrograms = Built<typeof PROGRAMS, typeof MANIFESTS>;

export const gitopsPrograms = (say: Say): Promise<GitopsPrograms> => built(PROGRAMS, MANIFESTS, say);
