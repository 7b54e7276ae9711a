/** Redis, Argo CD's repo-server and application-controller, and Gitea: their arguments. All listen inside the node only. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { type Server, watched } from '../cluster/node.ts';
import { kubeconfigOf } from '../cluster/pki.ts';
import { inFolder, nodeAddress, type Place } from '../cluster/place.ts';
import type { GITOPS_SERVERS } from '../cluster/servers.ts';
import { giteaConfig, giteaFolder, giteaUrl } from './gitea-config.ts';
import type { GitopsPrograms } from './programs.ts';

export type GitopsServer = (typeof GITOPS_SERVERS)[number];

export const ARGOCD_NAMESPACE = 'argocd';

const REDIS = '127.0.0.1:6379';
const REPO_SERVER = '127.0.0.1:8091';

/** What this cluster runs, by name. Writes the files that its arguments name. */
export function gitopsServers(place: Place, programs: GitopsPrograms): Record<GitopsServer, Server> {
  return {
    redis: redis(place),
    'repo-server': repoServer(place, programs),
    argocd: applicationController(place, programs),
    gitea: gitea(place, programs),
  };
}

function redis(place: Place): Server {
  const [address = '', port = ''] = REDIS.split(':');
  const args = ['--bind', address, '--port', port, '--save', '', '--appendonly', 'no'];
  const command = linked(place, 'redis-server', '/usr/bin/redis-check-rdb'); // it knows by its name what to be
  return { name: 'redis', command, args, health: watched(place, `tcp://${REDIS}`) };
}

function repoServer(place: Place, programs: GitopsPrograms): Server {
  const [address = '', port = ''] = REPO_SERVER.split(':');
  const metrics = 8084;
  const args = [
    ...['--address', address, '--port', port, '--redis', REDIS],
    ...['--metrics-address', '127.0.0.1', '--metrics-port', `${metrics}`, '--loglevel', 'info'],
  ];
  script(place, programs['git-verify-wrapper.sh'], 'git-verify-wrapper.sh');
  script(place, programs['git-ask-pass.sh'], 'git-ask-pass.sh');
  const env = {
    ...argocdEnvironment(place, 'argocd-repo-server'),
    PATH: `${inFolder(place, 'bin')}:${process.env['PATH']}`,
  };
  const health = watched(place, `tcp://127.0.0.1:${metrics}`);
  return { name: 'repo-server', command: programs.argocd, args, env, health };
}

/** The timings are Argo CD's own: it looks at Git every 2 to 3 minutes, and believes for 3 where a branch was. */
function applicationController(place: Place, programs: GitopsPrograms): Server {
  const kubeconfig = kubeconfigOf(place, 'argocd');
  const metrics = 8083;
  const args = [
    ...['--kubeconfig', kubeconfig, '-n', ARGOCD_NAMESPACE, '--repo-server', REPO_SERVER],
    ...['--redis', REDIS, '--metrics-port', `${metrics}`, '--loglevel', 'info'],
    ...['--status-processors', '4', '--operation-processors', '2'],
  ];
  // It manages the cluster that it would run in.
  const inCluster = { ARGOCD_FAKE_IN_CLUSTER: 'true', KUBECONFIG: kubeconfig };
  const env = { ...argocdEnvironment(place, 'argocd-application-controller'), ...inCluster };
  const health = `http://${nodeAddress(place)}:${metrics}/healthz`;
  return { name: 'argocd', command: programs.argocd, args, env, health };
}

/** One program, which knows by a variable what to be; all that it writes stays in the cluster's folder. */
function argocdEnvironment(place: Place, program: string): Record<string, string> {
  const folder = (name: string): string => {
    mkdirSync(inFolder(place, 'argocd', name), { recursive: true });
    return inFolder(place, 'argocd', name);
  };
  return {
    ARGOCD_BINARY_NAME: program,
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_GNUPGHOME: folder('gpg'),
    ARGOCD_TLS_DATA_PATH: folder('tls'),
    ARGOCD_SSH_DATA_PATH: folder('ssh'),
    TMPDIR: folder('tmp'),
    HOME: folder('home'),
    GIT_CONFIG_NOSYSTEM: '1',
  };
}

function gitea(place: Place, programs: GitopsPrograms): Server {
  const args = ['web', '--config', giteaConfig(place, programs)];
  const env = giteaEnvironment(place);
  return { name: 'gitea', command: programs.gitea, args, env, health: `${giteaUrl(place)}/api/healthz` };
}

export const giteaEnvironment = (place: Place): Record<string, string> => ({
  GITEA_WORK_DIR: giteaFolder(place),
  HOME: giteaFolder(place),
  GIT_CONFIG_NOSYSTEM: '1',
});

function linked(place: Place, name: string, target: string): string {
  const link = inFolder(place, 'bin', name);
  mkdirSync(inFolder(place, 'bin'), { recursive: true });
  if (!existsSync(link)) symlinkSync(target, link);
  return link;
}

function script(place: Place, source: string, name: string): void {
  const copy = inFolder(place, 'bin', name);
  mkdirSync(inFolder(place, 'bin'), { recursive: true });
  if (existsSync(copy)) return;
  copyFileSync(source, copy);
  chmodSync(copy, 0o755);
}
