import { text } from 'node:stream/consumers';
import { systemClock } from '../../../lib/adapters/clock.ts';
import type { KubeAnswer } from '../../../lib/adapters/kubernetes/answers.ts';
import { kubeClient, type PodClient } from '../../../lib/adapters/kubernetes/client.ts';
import {
  DEPLOYMENTS,
  PODS,
  pod,
  REPLICA_SETS,
  ROLLOUTS,
  replicaSet,
} from '../../../lib/adapters/kubernetes/objects.ts';
import { objectsIn } from '../../../lib/adapters/kubernetes/reading.ts';
import { wireTo } from '../../../lib/adapters/kubernetes/wire.ts';
import { isReplaced, restartIn } from '../../../lib/adapters/levers/alias/replaced.ts';
import { type Found, workloadAt } from '../../../lib/adapters/levers/alias/workload.ts';
import { aliasPort } from '../../../lib/adapters/levers/alias.ts';
import { mlflowServer } from '../../../lib/adapters/levers/mlflow.ts';
import { rolesFor } from '../../../lib/cli/cluster-roles.ts';
import { usesOf } from '../../../lib/cli/workload-grants.ts';
import type { Workload } from '../../../lib/core/alias-pods.ts';
import type { AliasLever } from '../../../lib/core/service.ts';
import { type Cluster, startCluster } from '../../../local/cluster/cluster.ts';
import { waitUntil } from '../../../local/wait.ts';
import type { PodsScene } from '../../contracts/alias-pods.ts';
import { anAlias, anArmedService } from '../../contracts/armed.ts';
import { configMap, deafPod, manifestOf } from './alias-manifests.ts';
import { hookPoint } from './hooks.ts';
import { managersOf } from './managers.ts';
import { bound } from './rollout-manifests.ts';
import { hooked } from './rollout-scene.ts';
import { type Server, serve } from './servers.ts';

/** Another one each time: removing the last one takes a while. */
const NAMESPACE = `alias-test-${Date.now().toString(36)}`;

/** A namespace of a cluster for pods that load an alias. */
export interface PodsCluster {
  scene(kind: Workload['kind']): Promise<PodsScene & { readonly client: PodClient }>;
  clear(): Promise<void>;
  remove(): Promise<void>;
}

export async function podsCluster(): Promise<PodsCluster> {
  const cluster = await startCluster(() => undefined);
  const kubectl: Kubectl = (args, items = []) =>
    cluster.run('kubectl', ['-n', NAMESPACE, ...args], items.length === 0 ? '' : listOf(items));
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  await kubectl(['apply', '-f', '-'], [namespace, ...accounts()]);
  const [lever, person] = [await clientOf(cluster, 'lever'), await clientOf(cluster, 'person')];
  const open: Server[] = [];
  let made = 0;
  return {
    scene: async (kind) => {
      made += 1;
      const at: Scene = { cluster, kubectl, lever, person, workload: workloadOf(kind, `pods-${made}`) };
      return sceneIn(at, open);
    },
    clear: async () => {
      for (const server of open.splice(0)) await server.close();
      await kubectl(['delete', 'deployments,rollouts,pods', '--all', '--wait=false']);
    },
    remove: async () => void (await kubectl(['delete', 'namespace', NAMESPACE, '--wait=false'])),
  };
}

const workloadOf = (kind: Workload['kind'], name: string): Workload => ({
  kind,
  cluster: 'test',
  namespace: NAMESPACE,
  name,
});

/** The lever has what `reinstate cluster rbac` prints for apply-alias, and nothing else. */
function accounts(): unknown[] {
  const uses = (['deployment', 'rollout'] as const).flatMap((kind) =>
    usesOf(leverFor(workloadOf(kind, 'any'))),
  );
  const roles = rolesFor({ environment: 'test', levers: [], uses, kinds: [], workloadRef: false });
  const rules = roles.find(({ part }) => part === 'alias')?.rules ?? [];
  return [
    ...bound('lever', NAMESPACE, [...rules]),
    ...bound('person', NAMESPACE, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
  ];
}

const leverFor = (reload: Workload): PodsScene['lever'] => ({
  ...anAlias(),
  reload,
  served: { pods: reload, port: 8080, path: '/version', json: 'version' },
});

async function clientOf(cluster: Cluster, account: string): Promise<PodClient> {
  const token = (await cluster.run('kubectl', ['-n', NAMESPACE, 'create', 'token', account])).trim();
  const bearer = { who: account, token: async () => token };
  const wire = wireTo(cluster.server, cluster.caData);
  return kubeClient({ cluster: 'test', clock: systemClock(), wire, bearer });
}

type Kubectl = (args: readonly string[], items?: readonly unknown[]) => Promise<string>;

interface Scene {
  readonly cluster: Cluster;
  readonly kubectl: Kubectl;
  readonly lever: PodClient;
  readonly person: PodClient;
  readonly workload: Workload;
}

async function sceneIn(at: Scene, open: Server[]): Promise<PodsScene & { readonly client: PodClient }> {
  const { workload, kubectl, cluster } = at;
  const { kind, name } = workload;
  const hooks = hookPoint();
  const lever = leverFor(workload);
  const put = (version: string) => kubectl(['apply', '-f', '-'], [configMap(name, version)]);
  const registry = await registryOf(lever, put);
  open.push(registry);
  await kubectl(['apply', '-f', '-'], [configMap(name, '2'), manifestOf(workload)]);
  await settled(at);
  const patch = async (body: unknown) =>
    void taken(
      await at.person.patch(objectOf(workload), { type: 'merge-patch', body, fieldManager: 'person' }),
    );
  const server = mlflowServer(anArmedService([lever], { mlflow: { url: registry.url } }), {
    clock: systemClock(),
  });
  const client = hooked(at.lever, hooks);
  return {
    client,
    port: aliasPort({ server, clientOf: async () => client }),
    lever,
    move: registry.move,
    // A Rollouts controller leaves objects of another instance alone.
    controller: (state) =>
      kind === 'deployment'
        ? state === 'up'
          ? cluster.start('controllers')
          : cluster.stop('controllers')
        : patch({ metadata: { labels: { [INSTANCE]: state === 'up' ? null : 'nobody' } } }),
    pause: () => patch({ spec: { paused: true } }),
    scale: async (replicas) => {
      await patch({ spec: { replicas } });
      await settled(at);
    },
    addDeaf: async () => {
      await kubectl(['apply', '-f', '-'], [deafPod(name)]);
      await waitUntil(
        async () => (await podsOf(at)).some((one) => one.name === `${name}-deaf` && one.phase === 'Running'),
        { what: 'a deaf pod', seconds: 60 },
      );
      return `${name}-deaf`;
    },
    putBack: () =>
      patch({
        spec: kind === 'rollout' ? { restartAt: null } : { template: { metadata: { annotations: null } } },
      }),
    settled: () => settled(at),
    templates: async () => {
      const sets = taken(await at.person.list(REPLICA_SETS, NAMESPACE, `app=${name}`));
      return objectsIn(replicaSet, sets, name).length;
    },
    restart: async () => restartIn(await found(at)),
    managers: async () => managersOf((await found(at)).object),
    losePatch: () => hooks.lose('patch'),
  };
}

const INSTANCE = 'argo-rollouts.argoproj.io/controller-instance-id';

const objectOf = ({ kind, name }: Workload) => ({
  of: kind === 'rollout' ? ROLLOUTS : DEPLOYMENTS,
  namespace: NAMESPACE,
  name,
});

const found = ({ person, workload }: Scene): Promise<Found> =>
  workloadAt({ client: person, clock: systemClock(), workload });

async function podsOf({ person, workload }: Scene) {
  const answer = taken(await person.list(PODS, NAMESPACE, `app=${workload.name}`));
  return objectsIn(pod, answer, workload.name).map(({ metadata, status }) => ({
    name: metadata.name,
    phase: status.phase,
    isEnding: metadata.deletionTimestamp !== undefined,
  }));
}

/** As many pods as are wanted, none of them ending, and the same ones a moment later. */
async function settled(at: Scene): Promise<string[]> {
  let last = '';
  return waitUntil(
    async () => {
      const [now, pods] = [await found(at), await podsOf(at)];
      const asked = restartIn(now);
      const { replicas = 1 } = now.object.spec;
      const isWhole =
        pods.length === replicas && pods.every((one) => !one.isEnding && one.phase === 'Running');
      const isDone =
        now.kind === 'rollout' && asked === undefined
          ? (now.object.status.availableReplicas ?? 0) === replicas
          : isReplaced(now, { at: asked ?? '' });
      const names = pods.map(({ name }) => name).join(' ');
      const isSame = names === last;
      last = names;
      return isWhole && isDone && isSame && pods.map(({ name }) => name);
    },
    { what: `${at.workload.kind} ${at.workload.name} to be settled`, seconds: 120 },
  );
}

/** What the lever asks of MLflow, and no more; pods read the same value when they start. */
async function registryOf({ model }: Pick<AliasLever, 'model'>, put: (version: string) => Promise<unknown>) {
  let version = '2';
  const move = async (to: string) => {
    await put(to);
    version = to;
  };
  const server = await serve(async (request, response) => {
    const { method, url = '' } = request;
    const body = await text(request);
    if (method === 'POST' && url.endsWith('/registered-models/alias'))
      await move((JSON.parse(body) as { version: string }).version);
    const found = { name: model, version, status: 'READY' };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ model_version: found }));
  });
  return { ...server, move };
}

const listOf = (items: readonly unknown[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

function taken(answer: KubeAnswer): unknown {
  if (answer.status === 200) return answer.json;
  throw new Error(`${answer.status} ${answer.message}`);
}
