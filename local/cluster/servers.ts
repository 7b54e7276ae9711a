/** The servers of a cluster in the order in which they start, with their arguments. All listen inside the node only. */

import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import type { Programs } from './build.ts';
import { containerdConfig, kubeletConfig, networkConfig, traefikConfig } from './configs.ts';
import { authenticator, sts, webhookKubeconfig } from './iam.ts';
import { type Server, watched } from './node.ts';
import { kubeconfigOf, pkiFile } from './pki.ts';
import { inFolder, nodeAddress, nodeName, type Place, podRange, serverOf, serviceRange } from './place.ts';

/** Every name that `stopCluster` may find. */
export const SERVERS = [
  'sts',
  'authenticator',
  'etcd',
  'api',
  'containerd',
  'controllers',
  'scheduler',
  'kubelet',
  'proxy',
  'traefik',
  'rollouts',
] as const;

/** Those of local/gitops, started only when wanted. */
export const GITOPS_SERVERS = ['redis', 'repo-server', 'argocd', 'gitea'] as const;

export type ServerName = (typeof SERVERS)[number];

/** What this cluster runs, by name. Writes the files that its arguments name. */
export function serversOf(place: Place, programs: Programs): Record<ServerName, Server> {
  return {
    sts: sts(place),
    authenticator: authenticator(place, programs['aws-iam-authenticator']),
    etcd: etcd(place, programs),
    api: api(place, programs),
    containerd: containerd(place),
    controllers: controllers(place, programs),
    scheduler: scheduler(place, programs),
    kubelet: kubelet(place, programs),
    proxy: proxy(place, programs),
    traefik: traefik(place, programs),
    rollouts: rollouts(place, programs),
  };
}

/** The one binary of the control plane knows by its name what to be. */
function controlPlane(place: Place, programs: Programs, name: string): string {
  const link = inFolder(place, 'bin', name);
  mkdirSync(inFolder(place, 'bin'), { recursive: true });
  if (!existsSync(link)) symlinkSync(programs['control-plane'], link);
  return link;
}

function etcd(place: Place, programs: Programs): Server {
  const [clients, peers] = ['http://127.0.0.1:2379', 'http://127.0.0.1:2380'];
  const metrics = `http://${nodeAddress(place)}:2381`;
  const command = controlPlane(place, programs, 'etcd');
  const args = [
    ...['--name=default', `--data-dir=${inFolder(place, 'etcd')}`, '--log-level=warn', '--unsafe-no-fsync'],
    ...[`--listen-client-urls=${clients}`, `--advertise-client-urls=${clients}`],
    ...[`--listen-peer-urls=${peers}`, `--initial-advertise-peer-urls=${peers}`],
    ...[`--initial-cluster=default=${peers}`, `--listen-metrics-urls=${metrics}`],
  ];
  return { name: 'etcd', command, args, health: `${metrics}/health` };
}

function api(place: Place, programs: Programs): Server {
  const pki = (flag: string, file: string) => `--${flag}=${pkiFile(place, file)}`;
  const address = nodeAddress(place);
  const args = [
    ...['--etcd-servers=http://127.0.0.1:2379', '--secure-port=6443', '--profiling=false'],
    ...[`--bind-address=${address}`, `--advertise-address=${address}`],
    ...[`--service-cluster-ip-range=${serviceRange(place)}`, '--authorization-mode=Node,RBAC'],
    ...[pki('tls-cert-file', 'apiserver.crt'), pki('tls-private-key-file', 'apiserver.key')],
    ...[pki('client-ca-file', 'ca.crt'), pki('kubelet-client-certificate', 'to-kubelet.crt')],
    ...[pki('kubelet-client-key', 'to-kubelet.key'), '--kubelet-preferred-address-types=InternalIP'],
    ...['--service-account-issuer=https://kubernetes.default.svc', '--allow-privileged=true'],
    pki('service-account-key-file', 'service-accounts.pub'),
    pki('service-account-signing-key-file', 'service-accounts.key'),
    `--authentication-token-webhook-config-file=${webhookKubeconfig(place)}`,
  ];
  const command = controlPlane(place, programs, 'kube-apiserver');
  return { name: 'api', command, args, health: watched(place, `${serverOf(place)}/readyz`) };
}

/** Without the controllers that want a cloud. */
function controllers(place: Place, programs: Programs): Server {
  const left = ['node-ipam', 'node-route', 'cloud-node-lifecycle', 'service-lb'];
  const args = [
    ...[`--kubeconfig=${kubeconfigOf(place, 'controller-manager')}`, '--leader-elect=false'],
    ...['--bind-address=127.0.0.1', '--use-service-account-credentials'],
    `--service-account-private-key-file=${pkiFile(place, 'service-accounts.key')}`,
    `--root-ca-file=${pkiFile(place, 'ca.crt')}`,
    `--controllers=*,${left.map((name) => `-${name}-controller`).join(',')}`,
  ];
  const command = controlPlane(place, programs, 'kube-controller-manager');
  return { name: 'controllers', command, args, health: watched(place, 'https://127.0.0.1:10257/healthz') };
}

function scheduler(place: Place, programs: Programs): Server {
  const args = [
    ...[`--kubeconfig=${kubeconfigOf(place, 'scheduler')}`, '--leader-elect=false'],
    '--bind-address=127.0.0.1',
  ];
  const command = controlPlane(place, programs, 'kube-scheduler');
  return { name: 'scheduler', command, args, health: watched(place, 'https://127.0.0.1:10259/healthz') };
}

function containerd(place: Place): Server {
  networkConfig(place);
  const metrics = `${nodeAddress(place)}:1338`;
  const args = ['-c', containerdConfig(place, metrics)];
  return { name: 'containerd', command: 'containerd', args, health: `http://${metrics}/v1/metrics` };
}

function kubelet(place: Place, programs: Programs): Server {
  const args = [
    ...[`--config=${kubeletConfig(place)}`, `--kubeconfig=${kubeconfigOf(place, 'kubelet')}`],
    ...[`--hostname-override=${nodeName(place)}`, `--node-ip=${nodeAddress(place)}`],
    ...[`--root-dir=${inFolder(place, 'kubelet')}`, `--cert-dir=${inFolder(place, 'kubelet-certs')}`],
  ];
  return {
    name: 'kubelet',
    command: programs['kubelet'],
    args,
    health: `http://${nodeAddress(place)}:10248/healthz`,
  };
}

function proxy(place: Place, programs: Programs): Server {
  const conntrack = ['max-per-core', 'tcp-timeout-established', 'tcp-timeout-close-wait'];
  const args = [
    ...[`--kubeconfig=${kubeconfigOf(place, 'proxy')}`, `--hostname-override=${nodeName(place)}`],
    ...['--proxy-mode=nftables', `--cluster-cidr=${podRange(place)}`],
    ...[`--healthz-bind-address=${nodeAddress(place)}:10256`, '--metrics-bind-address=127.0.0.1:10249'],
    ...conntrack.map((name) => `--conntrack-${name}=0`), // these belong to the whole machine
  ];
  return {
    name: 'proxy',
    command: programs['kube-proxy'],
    args,
    health: `http://${nodeAddress(place)}:10256/livez`,
  };
}

function traefik(place: Place, programs: Programs): Server {
  const args = [`--configFile=${traefikConfig(place)}`];
  const env = { KUBECONFIG: kubeconfigOf(place, 'traefik') };
  const health = `http://${nodeAddress(place)}:8082/ping`;
  return { name: 'traefik', command: programs['traefik'], args, env, health };
}

function rollouts(place: Place, programs: Programs): Server {
  const args = [`--kubeconfig=${kubeconfigOf(place, 'rollouts')}`, '--leader-elect=false'];
  return {
    name: 'rollouts',
    command: programs['rollouts-controller'],
    args,
    health: `http://${nodeAddress(place)}:8080/healthz`,
  };
}
