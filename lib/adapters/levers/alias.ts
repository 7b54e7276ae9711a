import type { EKSClient } from '@aws-sdk/client-eks';
import type { Workload } from '../../core/alias-pods.ts';
import type { AliasLever } from '../../core/service.ts';
import type { Candidate, Observation } from '../../core/step.ts';
import { say } from '../../core/step.ts';
import type { Acted, LeverPort, Levers, Order } from '../../ports/lever.ts';
import type { PodClient } from '../kubernetes/client.ts';
import { clientsOf } from '../kubernetes/clients.ts';
import type { ClusterDeps } from '../kubernetes/cluster.ts';
import { servedByPods } from './alias/pods.ts';
import { restart, restartOrderOf } from './alias/restart.ts';
import type { WorkloadPlace } from './alias/workload.ts';
import { digestOf } from './artifact.ts';
import { type MlflowDeps, type MlflowServer, mlflowServer } from './mlflow.ts';
import { deleteAlias, type ModelVersion, setAlias, setTag, versionAt, versionOf } from './model-registry.ts';
import { askService, readServed } from './served.ts';

export interface AliasDeps extends MlflowDeps, ClusterDeps {
  /** Needed for an EKS cluster whose endpoint was not armed. */
  readonly eks?: EKSClient;
}

/** An alias of a registered model in MLflow. */
export function alias(deps: AliasDeps): Levers['alias'] {
  return (armed) => aliasPort({ server: mlflowServer(armed, deps), clientOf: clientsOf(armed, deps) });
}

/** The registry, and the clusters of pods that are restarted or read. */
export interface AliasPortDeps {
  readonly server: MlflowServer;
  readonly clientOf: (workload: Workload) => Promise<PodClient>;
}

/** An alias is moved at the registry, and then the pods that read it are told. */
export function aliasPort({ server, clientOf }: AliasPortDeps): LeverPort<AliasLever> {
  const { clock } = server;
  const placeOf = async (workload: Workload) => ({ client: await clientOf(workload), clock, workload });
  return {
    observe: (lever, to) => observe(server, lever, to),
    act: async (lever, order) => {
      const acted = await move(server, lever, order);
      // Also when the alias stood right before: serving follows it only when told.
      if (acted.conflict === undefined) await reload({ server, placeOf }, lever, order);
      return acted;
    },
    served: async ({ served }) =>
      'pods' in served
        ? servedByPods(await placeOf(served.pods), served)
        : readServed(server.http, clock, served),
  };
}

interface Reloading {
  readonly server: MlflowServer;
  readonly placeOf: (workload: Workload) => Promise<WorkloadPlace>;
}

/** Loading a model may take longer than reading a value: one whole try of 10 s, others only after quick failures. */
async function reload({ server, placeOf }: Reloading, lever: AliasLever, order: Order): Promise<void> {
  const { reload: how } = lever;
  if (how === undefined) return;
  if (typeof how === 'object') return restart(await placeOf(how), restartOrderOf(lever, order));
  await askService(server.http, server.clock, { url: how, method: 'POST', timeoutMs: 10_000 });
}

async function observe(server: MlflowServer, lever: AliasLever, to?: string | null): Promise<Observation> {
  const now = await versionAt(server, lever);
  const held = now ? await heldBy(server, now) : { value: null };
  if (to === undefined || to === null) return held;
  return { ...held, candidate: await candidateOf(server, lever, to) };
}

async function heldBy(server: MlflowServer, version: ModelVersion): Promise<Observation> {
  const digest = await digestOf(server, version);
  return {
    value: version.version,
    ...(typeof digest === 'object' && digest),
    ...(version.run_id && { runId: version.run_id }),
  };
}

/** Whether this version can be put: it exists with its artifact, is READY and not quarantined (F23, I10). */
async function candidateOf(server: MlflowServer, { model }: AliasLever, value: string): Promise<Candidate> {
  const version = await versionOf(server, model, value);
  if (!version) return { value, fit: 'missing' };
  const digest = await digestOf(server, version);
  if (digest === 'gone') return { value, fit: 'missing' };
  return { value, fit: fitOf(version), ...(digest !== 'unknown' && digest) };
}

function fitOf({ status, tags = [] }: ModelVersion): Candidate['fit'] {
  if (tags.some(({ key, value }) => key === 'reinstate.state' && value === 'quarantined'))
    return 'quarantined';
  return status === 'READY' ? 'ready' : 'not-ready';
}

/** MLflow has no compare-and-set: what stands is read before, and read back after. */
async function move(server: MlflowServer, lever: AliasLever, order: Order): Promise<Acted> {
  const now = (await versionAt(server, lever))?.version ?? null;
  if (now !== order.to && now !== order.before.value) {
    return { conflict: `${named(lever)} was set to ${say(now)} in between; it was left as it is` };
  }
  if (now !== order.to) await put(server, lever, order);
  const after = (await versionAt(server, lever))?.version ?? null;
  if (after !== order.to) return { conflict: `${named(lever)} was set to ${say(after)} right after us` };
  return {};
}

const named = ({ model, alias: name }: AliasLever): string => `alias "${name}" of model "${model}"`;

async function put(server: MlflowServer, lever: AliasLever, order: Order): Promise<void> {
  if (order.to === null) return deleteAlias(server, lever);
  await sign(server, lever, { ...order, to: order.to });
  await setAlias(server, lever, order.to);
}

/** Who moves the alias, where it can be seen: a zombie that is late leaves its older fence. Best effort, asked once. */
async function sign(server: MlflowServer, { model: name }: AliasLever, order: Order & { to: string }) {
  const tags = { 'reinstate.fence': String(order.fence), 'reinstate.incident': order.incident };
  const set = Object.entries(tags).map(([key, value]) =>
    setTag(server, { name, version: order.to, key, value }, 1),
  );
  await Promise.allSettled(set);
}
