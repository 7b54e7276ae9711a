/** A cluster as the Helm lever meets it, over the world in memory: Secrets as Helm packs them, objects, the binary. */
import { gzipSync } from 'node:zlib';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { HelmEnd, RunHelm } from '../../../lib/adapters/levers/helm/run.ts';
import {
  beginRollback,
  endRollback,
  liveOf,
  type MemoryRelease,
  type MemoryRevision,
} from '../../../lib/adapters/memory/helm.ts';
import { type MemoryWorld, memoryWorld } from '../../../lib/adapters/memory/world.ts';
import { OutsideTrouble, sentenceOf } from '../../../lib/core/errors.ts';
import { type ArmedService, type HelmLever, targetOf } from '../../../lib/core/service.ts';
import { startWeb } from '../../contracts/helm-hands.ts';
import { anArmedService, aRelease } from '../../service-builders.ts';
import { apiServer, status } from '../kubernetes/api-server.ts';
import { json } from '../serve.ts';
import { stubClient } from '../stub-client.ts';

export interface FakeCluster {
  readonly world: MemoryWorld;
  readonly target: string;
  readonly release: MemoryRelease;
  readonly lever: HelmLever;
  readonly armed: ArmedService;
  readonly secrets: SecretsManagerClient;
  readonly run: RunHelm;
  /** The arguments of each run of Helm. */
  readonly runs: (readonly string[])[];
  /** `GET /path` of each request. */
  readonly asked: () => string[];
}

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:cluster';

/** With a release whose revision 1 runs `web:1`, and revision 2 `web:2`. */
export async function fakeCluster(over: Partial<HelmLever> = {}): Promise<FakeCluster> {
  const [world, lever] = [memoryWorld(), aRelease(over)];
  const target = targetOf(lever);
  const release = startWeb(world, target);
  const api = await apiServer((response, _, { url = '' }) => {
    const found = answerTo(world, lever, new URL(url, 'https://cluster'));
    if (found) json(response, found);
    else status(response, 404, 'not found');
  });
  const runs: (readonly string[])[] = [];
  const clusters = { [lever.cluster]: { endpoint: api.endpoint, ca: api.ca, secret: SECRET } };
  return {
    ...{ world, lever, target, release, runs },
    armed: anArmedService({ service: { levers: [lever] }, clusters }),
    secrets: stubClient<SecretsManagerClient>({ SecretString: '{"token":"t0ken"}' }).client,
    run: async (args) => {
      runs.push(args);
      return endOf(() => rollBack(world, target, args));
    },
    asked: () => api.seen.map(({ line }) => line),
  };
}

function answerTo(world: MemoryWorld, lever: HelmLever, { pathname, searchParams }: URL): object | undefined {
  const [, kind = '', name] = /\/namespaces\/ml\/(\w+)(?:\/([\w-]+))?$/.exec(pathname) ?? [];
  if (kind === 'secrets') {
    const isOurs = searchParams.get('labelSelector') === `owner=helm,name=${lever.release}`;
    const { revisions = [] } = (isOurs && world.releases.get(targetOf(lever))) || {};
    return { items: revisions.map((revision) => secretOf(lever, revision)) };
  }
  return objectOf(world, targetOf(lever), `${KINDS[kind]}/${name}`);
}

const KINDS: Record<string, string> = { deployments: 'Deployment', rollouts: 'Rollout' };

const base64 = (text: Buffer | string): string => Buffer.from(text).toString('base64');

/** As Helm writes it (pkg/storage/driver/util.go encodeRelease); what a Secret holds is base64 once more. */
export const packed = (release: unknown): string => base64(base64(gzipSync(JSON.stringify(release))));

/** The Secret of one revision; `over` spoils what is packed. */
export function secretOf(
  { namespace, release: name }: HelmLever,
  revision: MemoryRevision,
  over: object = {},
) {
  const { number: version, status: is, description, at } = revision;
  const time = new Date(at).toISOString();
  const info = { status: is, description, first_deployed: time, last_deployed: time };
  const release = { name, version, namespace, info, manifest: manifestOf(revision), chart: {}, config: {} };
  return {
    metadata: { name: `sh.helm.release.v1.${name}.v${version}`, creationTimestamp: time },
    type: 'helm.sh/release.v1',
    data: { release: packed({ ...release, ...over }) },
  };
}

const containersOf = (images: Readonly<Record<string, string>>) =>
  Object.entries(images).map(([name, image]) => ({ name, image }));

const manifestOf = ({ chart }: MemoryRevision): string =>
  Object.entries(chart.workloads)
    .map(([workload, images]) => {
      const [kind = '', name = ''] = workload.split('/');
      const apiVersion = kind === 'Rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1';
      const spec = { template: { spec: { containers: containersOf(images) } } };
      const object = JSON.stringify({ apiVersion, kind, metadata: { name }, spec });
      return `---\n# Source: web/templates/${name}.yaml\n${object}\n`;
    })
    .join('');

function objectOf(world: MemoryWorld, target: string, workload: string): object | undefined {
  const live = liveOf(world, target, workload);
  return (
    live && {
      metadata: { generation: 3 },
      spec: { replicas: 1, template: { spec: { containers: containersOf(live.images) } } },
      status: {
        observedGeneration: 3,
        replicas: 1,
        updatedReplicas: 1,
        availableReplicas: live.ready ? 1 : 0,
      },
    }
  );
}

/** What the binary does with these arguments. */
function rollBack(world: MemoryWorld, target: string, args: readonly string[]): void {
  const to = Number(args.at(-1));
  const historyMax = Number(args[args.indexOf('--history-max') + 1]);
  const run = beginRollback(world, target, { to, historyMax });
  endRollback(world, run, args.includes('--server-side=true') ? 'whole objects' : 'changes');
}

function endOf(work: () => void): HelmEnd {
  try {
    work();
    return { code: 0, said: '' };
  } catch (error) {
    const said = `level=WARN msg="rollback failed"\nError: ${sentenceOf(error)}\n`;
    return error instanceof OutsideTrouble ? { said: '' } : { code: 1, said };
  }
}
