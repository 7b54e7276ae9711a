import { systemClock } from '../../../lib/adapters/clock.ts';
import { type KubeClient, kubeClient } from '../../../lib/adapters/kubernetes/client.ts';
import { wireTo } from '../../../lib/adapters/kubernetes/wire.ts';
import { startCluster } from '../../../local/cluster/cluster.ts';
import { type RealRollout, realRollout } from './real-rollout.ts';
import { objectsFor, role, type Variant } from './rollout-manifests.ts';

/** Another one each time: removing the last one takes a while. */
export const NAMESPACE = `rollout-test-${Date.now().toString(36)}`;

/** A namespace of a cluster for tests of one kind of lever. */
export interface RolloutCluster {
  /** With exactly the permissions that docs/levers/rollout.md asks for. */
  readonly lever: KubeClient;
  /** @returns a Rollout whose v1 serves everything */
  make(variant?: Variant): Promise<RealRollout>;
  kubectl(args: readonly string[], input?: unknown): Promise<string>;
  /** Every Rollout, with its pods. */
  clear(): Promise<void>;
  remove(): Promise<void>;
}

/** In the cluster that KUBECONFIG names, or in one of our own. It has to have image `localhost/model-svc`. */
export async function rolloutCluster(): Promise<RolloutCluster> {
  const cluster = await startCluster(() => undefined);
  const kubectl = (args: readonly string[], input?: unknown) =>
    cluster.run('kubectl', ['-n', NAMESPACE, ...args], input === undefined ? '' : JSON.stringify(input));
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  await kubectl(['apply', '-f', '-'], listOf([namespace, ...role(NAMESPACE)]));
  const clientOf = async (account: string): Promise<KubeClient> => {
    const token = (await kubectl(['create', 'token', account])).trim();
    const wire = wireTo(cluster.server, cluster.caData);
    const bearer = { who: account, token: async () => token };
    return kubeClient({ cluster: 'test', clock: systemClock(), wire, bearer });
  };
  const [lever, person] = [await clientOf('lever'), await clientOf('person')];
  let made = 0;
  return {
    lever,
    kubectl,
    make: async (variant = {}) => {
      made += 1;
      return begun({ name: `rollout-${made}`, namespace: NAMESPACE, person, kubectl }, variant);
    },
    clear: async () => void (await kubectl(['delete', 'rollouts,deployments', '--all', '--wait=false'])),
    remove: async () => void (await kubectl(['delete', 'namespace', NAMESPACE, '--wait=false'])),
  };
}

async function begun(
  making: Omit<Parameters<typeof realRollout>[0], 'apply'>,
  variant: Variant,
): Promise<RealRollout> {
  const send = async (objects: unknown[], args: readonly string[]) =>
    void (await making.kubectl(['apply', '-f', '-', ...args], listOf(objects)));
  const objects = (version: string) => objectsFor(making.name, version, variant);
  const apply: Parameters<typeof realRollout>[0]['apply'] = (version, manager) =>
    manager
      ? send(objects(version).slice(-1), ['--server-side', `--field-manager=${manager}`])
      : send(objects(version), []);
  const one = realRollout({ ...making, apply });
  await one.apply('v1');
  await one.until(
    'has its first pods',
    ({ status }) => status.stableRS === status.currentPodHash && status.phase === 'Healthy',
  );
  return one;
}

const listOf = (items: readonly unknown[]) => ({ apiVersion: 'v1', kind: 'List', items });
