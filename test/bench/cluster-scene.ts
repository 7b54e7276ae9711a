/** A namespace of a cluster with releases of the model service: who ships them, and who rolls them back. */
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { systemClock } from '../../lib/adapters/clock.ts';
import { helmRunner } from '../../lib/adapters/levers/helm/run.ts';
import { helm } from '../../lib/adapters/levers/helm.ts';
import { rollout } from '../../lib/adapters/levers/rollout.ts';
import { rolesFor } from '../../lib/cli/cluster-roles.ts';
import type { HelmLever, RolloutLever } from '../../lib/core/service.ts';
import type { LeverPort } from '../../lib/ports/lever.ts';
import type { Cluster } from '../../local/cluster/cluster.ts';
import { sourcePath } from '../../local/paths.ts';
import { waitUntil } from '../../local/wait.ts';
import { stubClient } from '../adapters/stub-client.ts';
import { accountWith } from '../real/helpers/helm-chart.ts';
import { anArmedService, aRelease, aRollout } from '../service-builders.ts';

export const NAMESPACE = 'bench';
export const [GOOD, BAD] = ['v4', 'v5'];
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
    ...(['rollout', 'helm'] as const).flatMap((part) => accountWith(part, NAMESPACE, rulesOf(part))),
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

/** Until the good version serves everything, and no pod of another one is left. */
export const untilCalm = (scene: Scene, release: string): Promise<boolean> =>
  waitUntil(
    async () => {
      const { status } = await statusOf(scene, release);
      const { phase, stableRS, currentPodHash } = status;
      const pods = await kubectl(scene, 'get', 'pods', '-l', `app=${release}`, '-o', 'name');
      return phase === 'Healthy' && stableRS === currentPodHash && pods.trim().split('\n').length === 2;
    },
    { what: `release ${release} to be calm`, seconds: 180, everyMs: 1000 },
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

/** What a lever has to put, and what was seen to stand there. */
export interface Wanted {
  readonly to: string;
  readonly before: string;
}

export type Pull = () => Promise<void>;

/** A function that has just started: nothing is connected yet. Prepared before it is asked, as its plan is. */
export async function rolloutPull(scene: Scene, release: string): Promise<Pull> {
  const lever = aRollout({ cluster: 'bench', namespace: NAMESPACE, rollout: release });
  const { stableRS = '', currentPodHash = '' } = (await statusOf(scene, release)).status;
  const port = rollout({ clock: systemClock(), secrets: secretOf(scene, 'rollout') })(armed(scene, lever));
  return () => pulled(port, lever, { to: stableRS, before: currentPodHash });
}

/** @param path the binary, or what runs it. @default that of the layer */
export async function helmPull(scene: Scene, release: string, path = scene.cluster.helm): Promise<Pull> {
  const lever = aRelease({ cluster: 'bench', namespace: NAMESPACE, release });
  const make = () =>
    helm({ clock: systemClock(), secrets: secretOf(scene, 'helm'), run: helmRunner({ path }) })(
      armed(scene, lever),
    );
  const { value } = await make().observe(lever, '1');
  const port = make();
  return () => pulled(port, lever, { to: '1', before: value ?? '' });
}

async function pulled<L extends RolloutLever | HelmLever>(
  port: LeverPort<L>,
  lever: L,
  { to, before }: Wanted,
): Promise<void> {
  const { conflict } = await port.act(lever, { to, incident: 'bench', fence: 1, before: { value: before } });
  if (conflict !== undefined) throw new Error(`the lever ${lever.kind} refused: ${conflict}`);
}

const armed = ({ cluster }: Scene, lever: RolloutLever | HelmLever) =>
  anArmedService({
    service: { levers: [lever] },
    clusters: { bench: { endpoint: cluster.server, ca: cluster.caData, secret: SECRET } },
  });

const secretOf = ({ tokens }: Scene, part: 'rollout' | 'helm') =>
  stubClient<SecretsManagerClient>({ SecretString: JSON.stringify({ token: tokens[part] }) }).client;
