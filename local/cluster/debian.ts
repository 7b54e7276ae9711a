/** What the node needs from Debian: root installs what is missing, others are told. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { MissingPrerequisite } from '../python.ts';
import { run } from './command.ts';

/** By package, a file that shows that it is there: on PATH or absolute. */
export type Packages = Readonly<Record<string, string>>;

const NEEDED: Packages = {
  containerd: 'containerd',
  runc: 'runc',
  'containernetworking-plugins': '/usr/lib/cni/bridge',
  nftables: 'nft',
  iptables: 'iptables',
  iproute2: 'ip',
  'util-linux': 'nsenter',
  openssl: 'openssl',
};

export async function requireDebianPackages(
  say: (line: string) => void,
  needed: Packages = NEEDED,
): Promise<void> {
  requireRoot();
  const missing = Object.keys(needed).filter((name) => !found(needed[name] ?? ''));
  if (missing.length === 0) return;
  const install = [
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=600',
    'install',
    '-y',
    '--no-install-recommends',
    ...missing,
  ];
  if (!found('apt-get'))
    throw new MissingPrerequisite(
      `The local cluster needs ${missing.join(', ')} (names of Debian packages) and there is no apt-get: install them, or name a cluster of your own in KUBECONFIG.`,
    );
  say(`installing ${missing.join(', ')} (once)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } as Record<string, string>;
  await run('apt-get', ['update', '-qq'], { env, seconds: 300 });
  await run(install[0] ?? '', install.slice(1), { env, seconds: 600 });
}

function requireRoot(): void {
  const trouble =
    process.platform !== 'linux'
      ? 'runs on Linux only'
      : process.getuid?.() !== 0
        ? 'needs root for its namespaces'
        : undefined;
  if (trouble)
    throw new MissingPrerequisite(
      `The local cluster ${trouble}: run this command as root on Linux, or name a cluster of your own (kind, minikube, EKS) in KUBECONFIG.`,
    );
}

const found = (file: string): boolean =>
  file.startsWith('/')
    ? existsSync(file)
    : `${process.env['PATH']}:/usr/sbin:/sbin`
        .split(delimiter)
        .some((folder) => existsSync(join(folder, file)));
