/** Brings the whole local environment up and down: AWS, MLflow, the stack, the model service, its traffic. */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type DeployTo, deploy, type StackOutputs } from './aws/deploy.ts';
import { AWS_ACCOUNT, AWS_REGION, startAws } from './aws/ministack.ts';
import { putParameter } from './aws/parameters.ts';
import { putSecret } from './aws/secrets.ts';
import { letIn } from './cluster/admission.ts';
import { buildCluster, type Cluster, startCluster, stopClusters } from './cluster/cluster.ts';
import { NAMESPACE, shipHealthy } from './cluster/releases.ts';
import { type Endpoints, forgetEndpoints, readEndpoints, writeEndpoints } from './endpoints.ts';
import { buildGitops, type Gitops, startGitops } from './gitops/gitops.ts';
import { GIT_SECRET, gitSecret, shipHealthyByGit } from './gitops/releases.ts';
import { mlflowPort, startMlflow } from './mlflow/server.ts';
import { modelPort, startModelService } from './model-service/model-service.ts';
import { localPath, projectRoot } from './paths.ts';
import { findPart, isWell, type Recorded, recordedParts, stopPart } from './process.ts';
import { findPython, pythonFor } from './python.ts';
import { RANKER_FLAG, seed } from './release.ts';
import { startTraffic } from './traffic/traffic.ts';

export type Say = (line: string) => void;

/** In the order in which they end. */
const PARTS = ['churn-callers', 'ranker-callers', 'callers', 'traffic', 'model', 'mlflow', 'aws'];
/** Runs only beside a cluster. */
const OPTIONAL = ['churn-callers', 'ranker-callers', 'callers'];

/**
 * Safe to repeat: what is well is left alone, what is dead is started again.
 * @param cluster the one that `model-svc` is served from. @default - it is not served
 * @param gitops what ships `churn` there. @default - it is not served
 */
export async function bringUp(say: Say, cluster?: Cluster, gitops?: Gitops): Promise<Endpoints> {
  findPython();
  const old = findPart('aws');
  const aws = await timed(say, 'the local AWS', () => startAws(say));
  // The local AWS keeps its state in memory: a new one knows no stack, so everything that used the old one starts over.
  const fresh = old?.token !== aws.token;
  if (fresh) await stopAll([...OPTIONAL, 'traffic', 'model']);
  const to: DeployTo = {
    aws: url(aws),
    mlflow: await portOf('mlflow', mlflowPort),
    model: await portOf('model', modelPort),
    ...(cluster && { cluster: { url: cluster.server, ca: cluster.caData, helm: cluster.helm } }),
    ...(gitops && { git: gitops.gitea.url }),
  };
  if (gitops) await putSecret(to.aws, GIT_SECRET, gitSecret(gitops));
  const [stack, traffic] = await both(
    timed(say, 'the stack', () => deployed(to, aws.token, say)),
    startServing(to, fresh, say),
  );
  if (cluster && fresh) await putParameter(to.aws, RANKER_FLAG, 'false');
  if (cluster) await startCallers(to.aws, cluster, { gitops: gitops !== undefined, say });
  const { cluster: inside, ...addresses } = to;
  const endpoints = {
    ...addresses,
    ...(inside && { cluster: inside.url, clusterCa: inside.ca }),
    region: AWS_REGION,
    accountId: AWS_ACCOUNT,
    traffic: url(traffic),
    reports: reportsFolder(),
    ...stack,
  };
  writeEndpoints(endpoints);
  return endpoints;
}

/** Users of the services in the cluster; one that names no router has none. */
async function startCallers(
  aws: string,
  { traefikUrl }: Cluster,
  { gitops, say }: { readonly gitops: boolean; readonly say: Say },
): Promise<void> {
  if (!traefikUrl) return;
  const at = (release: string) => `${traefikUrl}/${NAMESPACE}/${release}`;
  await timed(say, 'traffic to the cluster', async () => {
    await startTraffic('model-svc', { aws, url: at('model-svc') });
    await startTraffic('ranker', { aws, url: at('ranker'), rows: at('ranker-transform') });
    if (gitops) await startTraffic('churn', { aws, url: at('churn') });
  });
}

/** Makes all that a start would make or download first: safe beside a start, and again. */
export async function buildAll(say: Say): Promise<void> {
  await timed(say, 'Python packages of the local AWS', () => pythonFor('aws', say));
  await timed(say, 'Python packages of MLflow', () => pythonFor('mlflow', say));
  if (process.env['KUBECONFIG']) return say('KUBECONFIG names a cluster: none is built');
  await timed(say, 'programs of the cluster', () => buildCluster(say));
  await timed(say, 'programs of Argo CD and Gitea', () => buildGitops(say));
}

/** The cluster for Kubernetes levers: kept apart, since only some services need it. */
export async function bringUpCluster(say: Say): Promise<Cluster> {
  const cluster = await timed(say, 'the cluster', () => startCluster(say));
  await letIn(cluster);
  await timed(say, 'healthy releases in it', () => shipHealthy(cluster));
  return cluster;
}

/** Argo CD and a Git host in that cluster, for the service that Git owns. */
export async function bringUpGitops(say: Say, cluster: Cluster): Promise<Gitops> {
  const gitops = await timed(say, 'Argo CD and the Git host', () => startGitops(cluster, say));
  await timed(say, 'a healthy release by Git', () => shipHealthyByGit(cluster, gitops));
  return gitops;
}

/** Ends what `bringUp` and `bringUpCluster` started; installed servers stay, and with `all` the data goes too. */
export async function takeDown(say: Say, all = false): Promise<void> {
  for (const name of await stopClusters()) say(`ended the cluster ${name}`);
  for (const name of [...PARTS, ...recordedParts().filter((other) => !PARTS.includes(other))]) {
    if (await stopPart(name)) say(`ended ${name}`);
  }
  forgetEndpoints();
  rmSync(localPath('tmp'), { recursive: true, force: true });
  if (all) {
    rmSync(dirname(localPath('logs')), { recursive: true, force: true });
    say('removed the data of the local environment; installed servers stay in .reinstate/cache');
  }
}

/** One plain line a part, and whether all is well. */
export async function describe(): Promise<{ lines: string[]; well: boolean }> {
  const shown = PARTS.filter((name) => !OPTIONAL.includes(name) || findPart(name));
  const parts = await Promise.all(shown.reverse().map(async (name) => partState(name)));
  const endpoints = readEndpoints();
  const stack = endpoints?.['stateMachineArn'] ? 'deployed' : 'not deployed';
  const lines = [...parts.map(({ line }) => line), `stack    ${stack}`];
  const next = 'run `npm run local -- up` to start or repair it';
  const well = parts.every((part) => part.well) && endpoints !== undefined;
  return { lines: well ? lines : [...lines, next], well };
}

async function partState(name: string): Promise<{ line: string; well: boolean }> {
  const recorded = findPart(name);
  const well = recorded !== undefined && (await isWell(recorded));
  const state = recorded
    ? well
      ? `well     ${url(recorded)} (pid ${recorded.pid})`
      : 'dead'
    : 'not started';
  return { line: `${name.padEnd(8)} ${state}`, well };
}

async function startServing(to: DeployTo, fresh: boolean, say: Say): Promise<Recorded> {
  await timed(say, 'MLflow', () => startMlflow(Number(new URL(to.mlflow).port), say));
  if (fresh) await timed(say, 'the healthy release', () => seed(to));
  await timed(say, 'the model service', () => startModelService(Number(new URL(to.model).port), to));
  return timed(say, 'traffic and monitor', () => startTraffic('recommender', { aws: to.aws, url: to.model }));
}

async function deployed(to: DeployTo, token: string, say: Say): Promise<StackOutputs> {
  if (existsSync(`${projectRoot}/cdk.json`)) return deploy(to, token);
  say('there is no cdk.json: the stack is not deployed');
  return {};
}

/** The port of the running part, or a free one, as an address. */
async function portOf(name: string, choose: () => Promise<number>): Promise<string> {
  const recorded = findPart(name);
  if (recorded && (await isWell(recorded))) return url(recorded);
  await stopPart(name);
  return `http://127.0.0.1:${await choose()}`;
}

async function stopAll(names: readonly string[]): Promise<void> {
  for (const name of names) await stopPart(name);
}

/** Waits for both, so that nothing goes on behind the back of an error. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

async function timed<T>(say: Say, what: string, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  const done = await work();
  say(`${what}: ready (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  return done;
}

const url = (part: Recorded): string => `http://127.0.0.1:${part.port}`;

function reportsFolder(): string {
  const folder = localPath('reports');
  mkdirSync(folder, { recursive: true });
  return folder;
}
