/** A cluster with real pods, Argo Rollouts and Traefik on this machine; or the one that KUBECONFIG names. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { oneAtATime } from '../lock.ts';
import { cachePath, sourcePath } from '../paths.ts';
import { findPart } from '../process.ts';
import { waitUntil } from '../wait.ts';
import { builtPrograms, type Programs } from './build.ts';
import { run } from './command.ts';
import { requireDebianPackages } from './debian.ts';
import { givenCluster } from './given.ts';
import { type AccessEntry, admit, eksName, makeIam } from './iam.ts';
import { images } from './image.ts';
import { layerTools, type Tools } from './layer.ts';
import { enter, nodeRuns, startNode, startServer, stopNode, stopServer, wipe } from './node.ts';
import { caData, kubeconfigOf, makePki } from './pki.ts';
import {
  inFolder,
  isPlaced,
  nodeName,
  type Place,
  placedNames,
  placeOf,
  serverOf,
  traefikOf,
  USUAL,
} from './place.ts';
import { GITOPS_SERVERS, SERVERS, type ServerName, serversOf } from './servers.ts';

type Say = (line: string) => void;

export interface Cluster extends Tools {
  readonly server: string;
  /** Path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Base64 of PEM, as EKS gives it. */
  readonly caData: string;
  /** Where requests for pods go in; undefined for a given cluster that names none in TRAEFIK_URL. */
  readonly traefikUrl: string | undefined;
  /** kubectl as the administrator. Throws with what it wrote to its standard error. */
  run(program: 'kubectl' | 'helm', args: readonly string[], input?: string): Promise<string>;
  /** Its name as an EKS cluster: tokens are bound to it. */
  readonly eksName: string;
  /** Lets an AWS identity in at once, as an access entry of EKS does; without one it is answered 401. */
  admit(entry: AccessEntry): void;
  /** Ends one server of this cluster, as a fault. A given cluster refuses. */
  stop(server: ServerName): Promise<void>;
  start(server: ServerName): Promise<void>;
}

/** Safe to repeat: what is well is left alone, what is dead is started again; a dead node means a new cluster. */
export async function startCluster(say: Say, name: string = USUAL): Promise<Cluster> {
  const given = process.env['KUBECONFIG'];
  if (given) return givenCluster(given);
  const { tools, programs, archives } = await buildCluster(say);
  const place = isRunning(name) ? placeOf(name) : await newNode(name);
  const servers = serversOf(place, programs);
  const start = (server: ServerName) => startServer(place, servers[server]);
  const cluster = clusterAt(place, tools, start);
  await Promise.all([start('etcd'), start('sts')]);
  await start('authenticator');
  await start('api');
  await Promise.all([
    pods(place, archives, start),
    start('controllers'),
    start('scheduler'),
    once(place, `rules of ${programs['rollouts-crds']} ${programs['traefik-crds.yaml']}`, () =>
      rules(cluster, programs),
    ),
  ]);
  await Promise.all([start('proxy'), start('traefik'), start('rollouts')]);
  await ready(cluster, place);
  return cluster;
}

/** What a cluster is made of: made once, and by one process at a time. Nothing when all of it is there. */
export async function buildCluster(say: Say) {
  const lock = { file: cachePath('cluster', 'parts.lock'), what: 'it prepares the cluster' };
  const tools = await oneAtATime(lock, say, async () => {
    await requireDebianPackages(say);
    return layerTools();
  });
  const programs = await builtPrograms(say);
  return { tools, programs, archives: await images(programs.pause) };
}

/** Ends the cluster and removes what it wrote; the built programs stay in the cache. */
export async function stopCluster(name: string = USUAL): Promise<boolean> {
  if (!isPlaced(name)) return false;
  const place = placeOf(name);
  const was = await stopNode(place, [...SERVERS, ...GITOPS_SERVERS]);
  wipe(place.folder);
  return was;
}

/** Every cluster of this checkout, those of a suite that was killed too. Names of those that ran. */
export async function stopClusters(): Promise<string[]> {
  const ended: string[] = [];
  for (const name of placedNames()) if (await stopCluster(name)) ended.push(name);
  return ended;
}

const isRunning = (name: string): boolean => isPlaced(name) && nodeRuns(placeOf(name));

async function newNode(name: string): Promise<Place> {
  await stopCluster(name);
  const place = placeOf(name);
  await makePki(place);
  await makeIam(place);
  await startNode(place);
  return place;
}

async function pods(
  place: Place,
  archives: readonly string[],
  start: (server: ServerName) => Promise<unknown>,
): Promise<void> {
  await start('containerd');
  await importImages(place, archives);
  await start('kubelet');
}

async function importImages(place: Place, archives: readonly string[]): Promise<void> {
  for (const archive of archives) {
    await once(place, archive, () => inside(place, 'ctr', ['-n', 'k8s.io', 'images', 'import', archive]));
  }
}

/** Remembers for this cluster what was done. `what` names its content too: a changed one is done again. */
export async function once(place: Place, what: string, work: () => Promise<unknown>): Promise<void> {
  const record = inFolder(place, 'done.json');
  const done = () => (existsSync(record) ? (JSON.parse(readFileSync(record, 'utf8')) as string[]) : []);
  if (done().includes(what)) return;
  await work();
  writeFileSync(record, JSON.stringify([...done(), what]));
}

function inside(place: Place, command: string, args: readonly string[]): Promise<string> {
  const node = findPart(place.name);
  if (!node) throw new Error(`cannot run ${command}: the node of cluster ${place.name} is not running`);
  return run('nsenter', enter(node, { command, args }));
}

/** The kinds of Argo Rollouts and Traefik, and what their controllers may do. */
async function rules({ run: call }: Cluster, programs: Programs): Promise<void> {
  const apply = ['apply', '--server-side', '--force-conflicts'];
  await call('kubectl', [...apply, '-k', programs['rollouts-crds']]);
  await call('kubectl', [...apply, '-f', programs['traefik-crds.yaml']]);
  await call('kubectl', [...apply, '-k', programs['rollouts-role']]);
  await call('kubectl', [...apply, '-f', programs['traefik-role.yaml']]);
  await call('kubectl', [...apply, '-f', sourcePath('cluster', 'manifests', 'access.yaml')]);
  await call('kubectl', ['wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s']);
}

async function ready(cluster: Cluster, place: Place): Promise<void> {
  const node = ['wait', '--for=condition=Ready', `node/${nodeName(place)}`, '--timeout=60s'];
  await waitUntil(() => cluster.run('kubectl', node), { what: 'the node to be Ready', seconds: 90 });
  await waitUntil(() => cluster.run('kubectl', ['get', 'serviceaccount', 'default', '--namespace=default']), {
    what: 'the default service account',
    seconds: 60,
  });
}

function clusterAt(place: Place, tools: Tools, start: (server: ServerName) => Promise<unknown>): Cluster {
  const kubeconfig = kubeconfigOf(place, 'admin');
  return {
    ...tools,
    server: serverOf(place),
    kubeconfig,
    caData: caData(place),
    traefikUrl: traefikOf(place),
    eksName: eksName(place),
    admit: (entry) => admit(place, entry),
    run: (program, args, input = '') =>
      run(tools[program], [`--kubeconfig=${kubeconfig}`, ...args], { input }),
    stop: async (server) => void (await stopServer(place, server)),
    start: async (server) => void (await start(server)),
  };
}
