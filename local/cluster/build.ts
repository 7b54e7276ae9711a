/** The servers of the cluster, built once from pinned Go modules; their go.mod and go.sum are in `go/`. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { oneAtATime } from '../lock.ts';
import { cachePath, sourcePath } from '../paths.ts';
import { MissingPrerequisite } from '../python.ts';
import { run } from './command.ts';
import { keep } from './layer.ts';

type Say = (line: string) => void;

export interface Program {
  readonly name: string;
  /** The folder under `go/` that pins it. */
  readonly module: string;
  readonly source: string;
}

/** A file or folder that comes with a module's sources. */
export interface Manifest {
  readonly module: string;
  readonly from: string;
  readonly path: string;
  readonly to: string;
}

interface Settings {
  /** What the linker writes into variables, such as versions. */
  readonly stamps: Readonly<Record<string, string>>;
  readonly tags?: string;
  /** With C sources: needs a C compiler. @default false */
  readonly cgo?: boolean;
}

const KUBERNETES = '1.35.4';
const OLDEST_GO = 26;
/** Go's own installation guide puts it there, and few shells look. */
const PATH = `${process.env['PATH']}:/usr/local/go/bin`;

const PROGRAMS = [
  { name: 'control-plane', module: 'kubernetes', source: '.' },
  { name: 'pause', module: 'kubernetes', source: './pause' },
  {
    name: 'rollouts-controller',
    module: 'kubernetes',
    source: 'github.com/argoproj/argo-rollouts/cmd/rollouts-controller',
  },
  { name: 'kubelet', module: 'kubernetes', source: 'k8s.io/kubernetes/cmd/kubelet' },
  { name: 'kube-proxy', module: 'kubernetes', source: 'k8s.io/kubernetes/cmd/kube-proxy' },
  { name: 'traefik', module: 'traefik', source: 'github.com/traefik/traefik/v3/cmd/traefik' },
  {
    name: 'aws-iam-authenticator',
    module: 'authenticator',
    source: 'sigs.k8s.io/aws-iam-authenticator/cmd/aws-iam-authenticator',
  },
] as const satisfies readonly Program[];

/** Manifests that come with the sources: kept beside the binaries, so that a start needs no module cache. */
const MANIFESTS = [
  {
    module: 'kubernetes',
    from: 'github.com/argoproj/argo-rollouts',
    path: 'manifests/crds',
    to: 'rollouts-crds',
  },
  {
    module: 'kubernetes',
    from: 'github.com/argoproj/argo-rollouts',
    path: 'manifests/role',
    to: 'rollouts-role',
  },
  {
    module: 'traefik',
    from: 'github.com/traefik/traefik/v3',
    path: 'docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml',
    to: 'traefik-crds.yaml',
  },
  {
    module: 'traefik',
    from: 'github.com/traefik/traefik/v3',
    path: 'docs/content/reference/dynamic-configuration/kubernetes-crd-rbac.yml',
    to: 'traefik-role.yaml',
  },
] as const satisfies readonly Manifest[];

/** Paths by name, of programs and of manifests. */
export type Programs = Built<typeof PROGRAMS, typeof MANIFESTS>;

export type Built<P extends readonly Program[], M extends readonly Manifest[]> = Readonly<
  Record<P[number]['name'] | M[number]['to'], string>
>;

export const builtPrograms = (say: Say): Promise<Programs> => built(PROGRAMS, MANIFESTS, say);

/** Paths by name. One after the other, in all processes: one build already fills two cores. */
export async function built<P extends readonly Program[], M extends readonly Manifest[]>(
  programs: P,
  manifests: M,
  say: Say,
): Promise<Built<P, M>> {
  const paths: Record<string, string> = {};
  for (const program of programs) paths[program.name] = await builtOne(program, say);
  for (const manifest of manifests) paths[manifest.to] = await copied(manifest, say);
  return paths as Built<P, M>;
}

async function builtOne(program: Program, say: Say): Promise<string> {
  const home = join(homeOf(program.module), program.name);
  if (existsSync(home)) return home;
  requireGo();
  return oneAtATime(lock(), say, () => build(program, home, say));
}

const lock = () => ({ file: cachePath('cluster', 'build.lock'), what: 'it builds programs of the cluster' });

async function build({ name, module, source }: Program, home: string, say: Say): Promise<string> {
  if (existsSync(home)) return home; // another process was faster
  say(`building ${name} from pinned Go modules (once)`);
  const began = Date.now();
  const fresh = `${home}.${process.pid}`;
  const tags = settingsOf(module).tags;
  const how = ['-trimpath', ...(tags ? ['-tags', tags] : []), '-ldflags', flags(module)];
  await go(module, ['build', ...how, '-o', fresh, source]);
  keep(fresh, home);
  say(`built ${name} in ${Math.round((Date.now() - began) / 1000)} s`);
  return home;
}

async function copied(manifest: Manifest, say: Say): Promise<string> {
  const home = join(homeOf(manifest.module), manifest.to);
  if (existsSync(home)) return home;
  requireGo();
  return oneAtATime(lock(), say, () => copy(manifest, home));
}

async function copy({ module, from, path }: Manifest, home: string): Promise<string> {
  if (existsSync(home)) return home;
  const sources = (await go(module, ['list', '-m', '-f', '{{.Dir}}', from])).trim();
  const fresh = `${home}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  cpSync(join(sources, path), fresh, { recursive: true });
  keep(fresh, home);
  return home;
}

const go = (module: string, args: readonly string[]): Promise<string> =>
  run('go', args, {
    cwd: sourcePath('cluster', 'go', module),
    env: {
      ...proxies(),
      PATH,
      CGO_ENABLED: settingsOf(module).cgo ? '1' : '0',
      GOTOOLCHAIN: 'local',
      GOFLAGS: '-mod=readonly -buildvcs=false',
    },
    seconds: 5400,
  });

/** Modules may have to come through the user's proxy. */
const proxies = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => /_proxy$/i.test(name))) as Record<
    string,
    string
  >;

/** Of modules that differ from Kubernetes. */
const SETTINGS: Readonly<Record<string, Settings>> = {
  argocd: { stamps: { 'github.com/argoproj/argo-cd/v3/common.version': '3.5.7' } },
  gitea: { stamps: { 'main.Version': '1.26.0' }, tags: 'sqlite sqlite_unlock_notify', cgo: true },
};

const settingsOf = (module: string): Settings => SETTINGS[module] ?? { stamps: kubernetesStamps() };

function kubernetesStamps(): Record<string, string> {
  const version = { gitVersion: `v${KUBERNETES}`, gitMajor: '1', gitMinor: '35', gitTreeState: 'clean' };
  const named = Object.entries(version).map(([key, value]) => [
    `k8s.io/component-base/version.${key}`,
    value,
  ]);
  return Object.fromEntries(named) as Record<string, string>;
}

function flags(module: string): string {
  const stamps = Object.entries(settingsOf(module).stamps).map(([name, value]) => `-X ${name}=${value}`);
  return ['-s', '-w', ...stamps].join(' ');
}

/** By what goes in: pins, sums and our own sources. */
function homeOf(module: string): string {
  const folder = sourcePath('cluster', 'go', module);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(go|mod|sum)$/.test(file),
  );
  const hash = createHash('sha256').update(flags(module));
  for (const file of files.sort((a, b) => (a < b ? -1 : 1)))
    hash.update(file).update(readFileSync(join(folder, file)));
  const home = cachePath('cluster', `${module}-${hash.digest('hex').slice(0, 16)}`);
  mkdirSync(home, { recursive: true });
  return home;
}

/** @throws MissingPrerequisite when that Go, or none, cannot build the cluster. */
export function requireGo(found: string | undefined = goVersion()): void {
  const minor = Number(/^go1\.(\d+)/.exec(found ?? '')?.[1] ?? 0);
  if (minor >= OLDEST_GO) return;
  throw new MissingPrerequisite(
    `The local cluster is built with Go 1.${OLDEST_GO} or newer and found ${found ?? 'none'}: install it from https://go.dev/dl and put it on PATH, or name a cluster of your own in KUBECONFIG.`,
  );
}

function goVersion(): string | undefined {
  try {
    return execFileSync('go', ['env', 'GOVERSION'], {
      encoding: 'utf8',
      env: { ...process.env, PATH },
    }).trim();
  } catch {
    return undefined;
  }
}
