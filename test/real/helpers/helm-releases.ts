import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HelmAccess, helmRunner, type RunHelm } from '../../../lib/adapters/levers/helm/run.ts';
import { startCluster } from '../../../local/cluster/cluster.ts';
import { aRelease } from '../../service-builders.ts';
import { type ChartValues, chartIn, leverRules, valuesFor, WEAK_RULES, WIDGETS } from './helm-chart.ts';
import { type Misfortune, runUnlucky, type Unlucky } from './helm-misfortune.ts';
import { bound } from './rollout-manifests.ts';

/** Another one each time: removing the last one takes a while. */
export const NAMESPACE = `helm-test-${Date.now().toString(36)}`;

/** A namespace of a cluster for tests of the Helm lever. */
export interface HelmCluster {
  readonly helm: string;
  /** As the lever's function: with exactly the permissions that docs/levers/helm.md tells of. */
  readonly lever: HelmAccess;
  /** Who may write revisions, but no objects. */
  readonly weak: HelmAccess;
  /** A new name, and its release with revision 1 at `good` and 2 at `bad`. */
  make(over?: Partial<ChartValues>, options?: readonly string[]): Promise<RealRelease>;
  /** From now on it knows the kind of `widget`. */
  learn(): Promise<void>;
  remove(): Promise<void>;
}

/** One release, as everybody but the lever sees it. */
export interface RealRelease {
  readonly name: string;
  upgrade(values: Partial<ChartValues>, options?: readonly string[]): Promise<void>;
  /** @param revision none: as Helm takes it then */
  rollBack(revision?: number): Promise<void>;
  kubectl(...args: readonly string[]): Promise<string>;
  /** A person's run that meets this. */
  upgradeUnlucky(misfortune: Misfortune, values: Partial<ChartValues>): Promise<void>;
  rollBackUnlucky(misfortune: Misfortune, revision: number): Promise<void>;
  /** The lever's own run that meets this. */
  unluckyRun(misfortune: Misfortune, times?: Unlucky['times']): RunHelm;
  imageOf(kind: 'deployment' | 'rollout'): Promise<string>;
  history(): Promise<string[]>;
}

export const [GOOD, BAD, OTHER] = ['web:good', 'web:bad', 'web:other'];

export async function helmCluster(): Promise<HelmCluster> {
  const cluster = await startCluster(() => undefined);
  const folder = mkdtempSync(join(tmpdir(), 'helm-releases-'));
  const chart = chartIn(join(folder, 'chart'));
  const kubectl = (args: readonly string[], input = '') =>
    cluster.run('kubectl', ['-n', NAMESPACE, ...args], input);
  const accounts = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    ...bound('lever', NAMESPACE, leverRules(aRelease({ namespace: NAMESPACE }))),
    ...bound('weak', NAMESPACE, WEAK_RULES),
    ...bound('person', NAMESPACE, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
  ];
  await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: accounts }));
  const accessOf = async (account: string): Promise<HelmAccess> => ({
    endpoint: cluster.server,
    ca: cluster.caData,
    token: (await kubectl(['create', 'token', account])).trim(),
  });
  const [lever, weak, person] = await Promise.all(['lever', 'weak', 'person'].map(accessOf));
  if (!lever || !weak || !person) throw new Error('cannot make tokens');
  const rig: Rig = { folder, chart, helm: cluster.helm, kubectl, person };
  let made = 0;
  return {
    helm: cluster.helm,
    lever,
    weak,
    make: async (over, options = []) => {
      made += 1;
      const release = realRelease(rig, `web-${made}`, over);
      await helmAs(rig, ['install', release.name, chart, ...options, ...valuesFor({ image: GOOD, ...over })]);
      await release.upgrade({ image: BAD });
      return release;
    },
    learn: async () => {
      await kubectl(['apply', '-f', '-'], JSON.stringify(WIDGETS));
      await kubectl(['wait', '--for', 'condition=established', `crd/${WIDGETS.metadata.name}`]);
    },
    remove: async () => {
      rmSync(folder, { recursive: true });
      await kubectl(['delete', 'crd', WIDGETS.metadata.name, '--ignore-not-found', '--wait=false']);
      await kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
    },
  };
}

interface Rig {
  readonly folder: string;
  readonly chart: string;
  readonly helm: string;
  readonly kubectl: (args: readonly string[], input?: string) => Promise<string>;
  readonly person: HelmAccess;
}

async function helmAs({ helm, person }: Rig, args: readonly string[]): Promise<void> {
  const { code, said } = await helmRunner({ path: helm, budgetMs: 60_000 })(
    ['-n', NAMESPACE, ...args],
    person,
  );
  if (code !== 0) throw new Error(`helm ${args.join(' ')}: ${said}`);
}

function realRelease(rig: Rig, name: string, always: Partial<ChartValues> = {}): RealRelease {
  const kubectl = (...args: readonly string[]) => rig.kubectl(args);
  const unluckyRun =
    (misfortune: Misfortune, times?: Unlucky['times']): RunHelm =>
    (args, access) => {
      const folder = mkdtempSync(join(rig.folder, 'run-'));
      return runUnlucky({ helm: rig.helm, folder, misfortune, ...(times && { times }) }, args, access);
    };
  const unlucky = async (misfortune: Misfortune, args: readonly string[]) =>
    void (await unluckyRun(misfortune)(['-n', NAMESPACE, ...args], rig.person));
  return {
    name,
    kubectl,
    upgrade: (values, options = []) =>
      helmAs(rig, [
        'upgrade',
        name,
        rig.chart,
        ...options,
        ...valuesFor({ image: BAD, ...always, ...values }),
      ]),
    rollBack: (revision) =>
      helmAs(rig, ['rollback', name, ...(revision === undefined ? [] : [String(revision)])]),
    upgradeUnlucky: (misfortune, values) =>
      unlucky(misfortune, ['upgrade', name, rig.chart, ...valuesFor({ image: BAD, ...always, ...values })]),
    rollBackUnlucky: (misfortune, revision) => unlucky(misfortune, ['rollback', name, String(revision)]),
    unluckyRun,
    imageOf: async (kind) =>
      kubectl('get', kind, name, '-o', 'jsonpath={.spec.template.spec.containers[0].image}'),
    history: async () =>
      historyIn(await kubectl('get', 'secret', '-l', `owner=helm,name=${name}`, '-o', 'json')),
  };
}

/** `<number> <status>` by Helm's own labels, oldest first. */
function historyIn(text: string): string[] {
  const { items } = JSON.parse(text) as { items: { metadata: { labels: Record<string, string> } }[] };
  return items
    .map(({ metadata: { labels } }) => ({ number: Number(labels['version']), status: labels['status'] }))
    .sort((a, b) => a.number - b.number)
    .map(({ number, status }) => `${number} ${status}`);
}
