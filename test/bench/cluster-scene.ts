/** A namespace of a cluster with releases of the model service: who ships them, and who rolls them back. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { rolesFor } from '../../lib/cli/cluster-roles.ts';
import type { HelmLever, RolloutLever } from '../../lib/core/service.ts';
import type { Acted } from '../../lib/ports/lever.ts';
import type { Cluster } from '../../local/cluster/cluster.ts';
import { sourcePath } from '../../local/paths.ts';
import { waitUntil } from '../../local/wait.ts';
import { bound } from '../real/helpers/rollout-manifests.ts';
import { anArmedService, aRelease, aRollout } from '../service-builders.ts';
import type { PullAsked } from './cluster-pull.ts';

export const NAMESPACE = 'bench';
export const [GOOD, BAD] = ['v4', 'v5'];
/** In turn, so that a canary has pods of its own: those of the one before live on for half a minute. */
export const BADS = [BAD, 'v6', 'v7', 'v8', 'v9'];
const CHART = sourcePath('cluster', 'chart');
const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:bench';

export interface Scene {
  readonly cluster: Cluster;
  /** Tokens that may do what `reinstate cluster rbac` allows, and nothing else. */
  readonly tokens: Readonly<Record<'rollout' | 'helm', string>>;
}

export interface Version {
  readonly tag: string;
  /** @default 5 */
  readonly latencyMs?: number;
  /** Percent of the requests that a canary begins with, and stands at. @default 10 */
  readonly canary?: number;
}

export async function sceneIn(cluster: Cluster): Promise<Scene> {
  const names = { cluster: 'bench', namespace: NAMESPACE };
  const levers = [aRollout(names), aRelease(names)];
  const roles = rolesFor({ environment: 'bench', levers, kinds: [], workloadRef: false });
  const rulesOf = (part: string) => roles.flatMap((role) => (role.part === part ? [...role.rules] : []));
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    ...(['rollout', 'helm'] as const).flatMap((part) => bound(part, NAMESPACE, rulesOf(part))),
  ];
  await cluster.run(
    'kubectl',
    ['-n', NAMESPACE, 'apply', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
  const token = async (account: string) =>
    (await cluster.run('kubectl', ['-n', NAMESPACE, 'create', 'token', account])).trim();
  return { cluster, tokens: { rollout: await token('rollout'), helm: await token('helm') } };
}

export const kubectl = ({ cluster }: Scene, ...args: readonly string[]): Promise<string> =>
  cluster.run('kubectl', ['-n', NAMESPACE, ...args]);

export const urlOf = ({ cluster }: Scene, release: string): string =>
  `${cluster.traefikUrl}/${NAMESPACE}/${release}`;

/** As local/cluster/releases.ts ships, and no revision is ever pruned. */
export async function ship(
  { cluster }: Scene,
  release: string,
  { tag, latencyMs = 5, canary = 10 }: Version,
): Promise<void> {
  const values = ['--set', `image.tag=${tag}`, '--set', `latencyMs=${latencyMs}`];
  const steps = ['--set-json', `steps=${JSON.stringify([{ setWeight: canary }, { pause: {} }])}`];
  const how = ['--namespace', NAMESPACE, '--server-side=false', '--history-max', '0'];
  await cluster.run('helm', ['upgrade', '--install', release, CHART, ...how, ...values, ...steps]);
}

export const uninstall = ({ cluster }: Scene, release: string): Promise<string> =>
  cluster.run('helm', ['uninstall', release, '--namespace', NAMESPACE]);

/** Until the good version serves everything. */
export const untilCalm = (scene: Scene, release: string): Promise<boolean> =>
  waitUntil(
    async () => {
      const { phase, stableRS, currentPodHash } = (await statusOf(scene, release)).status;
      return phase === 'Healthy' && stableRS === currentPodHash;
    },
    { what: `release ${release} to be calm`, seconds: 180, everyMs: 500 },
  );

export const untilWeight = (scene: Scene, release: string, percent: number): Promise<boolean> =>
  waitUntil(async () => (await statusOf(scene, release)).status.canary?.weights?.canary.weight === percent, {
    what: `${release} to give its canary ${percent} %`,
    seconds: 120,
    everyMs: 500,
  });

export interface RolloutStatus {
  readonly phase?: string;
  readonly abort?: boolean;
  readonly stableRS?: string;
  readonly currentPodHash?: string;
  readonly canary?: { readonly weights?: { readonly canary: { readonly weight: number } } };
}

export const statusOf = async (scene: Scene, release: string): Promise<{ status: RolloutStatus }> =>
  JSON.parse(await kubectl(scene, 'get', 'rollout', release, '-o', 'json'));

export type Pull = () => Promise<void>;

/** Back to the stable template, by the lever's function that has just started. */
export async function rolloutPull(scene: Scene, release: string): Promise<Pull> {
  const lever = aRollout({ cluster: 'bench', namespace: NAMESPACE, rollout: release });
  const { stableRS = '', currentPodHash = '' } = (await statusOf(scene, release)).status;
  return pullOf(scene, lever, { to: stableRS, before: currentPodHash, helm: '' });
}

/** Back to revision 1. @param helm the binary, or what runs it. @default that of the layer */
export async function helmPull(scene: Scene, release: string, helm = scene.cluster.helm): Promise<Pull> {
  const lever = aRelease({ cluster: 'bench', namespace: NAMESPACE, release });
  const newest = ['-l', `owner=helm,name=${release},status=deployed`, '-o', 'jsonpath={..labels.version}'];
  const before = await kubectl(scene, 'get', 'secret', ...newest);
  return pullOf(scene, lever, { to: '1', before: before.trim(), helm });
}

async function pullOf(
  { cluster, tokens }: Scene,
  lever: RolloutLever | HelmLever,
  order: Pick<PullAsked, 'to' | 'before' | 'helm'>,
): Promise<Pull> {
  const place = { endpoint: cluster.server, ca: cluster.caData, secret: SECRET };
  const armed = anArmedService({ service: { levers: [lever] }, clusters: { bench: place } });
  const child = fork(join(import.meta.dirname, 'cluster-pull.ts'), { execArgv: ['--no-warnings'] });
  child.send({ ...order, armed, token: tokens[lever.kind] } satisfies PullAsked);
  await toldBy(child);
  return async () => {
    child.send('act');
    const { conflict } = await toldBy(child);
    if (conflict !== undefined) throw new Error(`the lever ${lever.kind} refused: ${conflict}`);
  };
}

/** The next message of a process, or that it ended without one. */
export function toldBy<T = Acted>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the function of a lever ended with ${code}`));
    child.once('exit', ended).once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });
}
