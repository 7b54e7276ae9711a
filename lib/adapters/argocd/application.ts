import * as z from 'zod/mini';
import { OutsideRefusal } from '../../core/errors.ts';
import type { KubeClient, ObjectAt, Patch, Resource } from '../kubernetes/client.ts';
import { objectIn } from '../kubernetes/reading.ts';
import type { SyncedLever } from '../levers/git/syncer.ts';

const APPLICATIONS: Resource = { group: 'argoproj.io', version: 'v1alpha1', resource: 'applications' };

const some = <T extends z.ZodMiniType>(shape: T) => z.optional(z.nullable(shape));
const texts = z.record(z.string(), z.string());

const source = z.looseObject({
  repoURL: some(z.string()),
  targetRevision: some(z.string()),
  chart: some(z.string()),
});

/** Kept whole, so that a freeze can put it back as it was. `enabled` came with Argo CD 3.1. */
export const automated = z.looseObject({
  enabled: some(z.boolean()),
  selfHeal: some(z.boolean()),
  prune: some(z.boolean()),
});
export type Automated = z.infer<typeof automated>;

const operationState = z.looseObject({
  phase: some(z.string()),
  message: some(z.string()),
  /** Set while it still runs: the try failed, and another one is due. */
  finishedAt: some(z.string()),
  retryCount: some(z.number()),
  operation: some(z.looseObject({ sync: some(z.looseObject({ revision: some(z.string()) })) })),
  syncResult: some(z.looseObject({ revision: some(z.string()) })),
});

const resource = z.looseObject({
  kind: some(z.string()),
  name: some(z.string()),
  status: some(z.string()),
  requiresPruning: some(z.boolean()),
});

/** argo-cd, pkg/apis/application/v1alpha1/types.go: only what is read here; its controller leaves out what is empty. */
export const application = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string(),
    resourceVersion: z.string(),
    annotations: some(texts),
    labels: some(texts),
    ownerReferences: some(z.array(z.looseObject({ kind: z.string(), name: z.string() }))),
  }),
  spec: z.looseObject({
    source: some(source),
    sources: some(z.array(source)),
    sourceHydrator: some(z.unknown()),
    syncPolicy: some(z.looseObject({ automated: some(automated), syncOptions: some(z.array(z.string())) })),
  }),
  operation: some(z.looseObject({ initiatedBy: some(z.looseObject({ automated: some(z.boolean()) })) })),
  status: some(
    z.looseObject({
      sync: some(z.looseObject({ status: some(z.string()), revision: some(z.string()) })),
      health: some(z.looseObject({ status: some(z.string()), message: some(z.string()) })),
      operationState: some(operationState),
      conditions: some(z.array(z.looseObject({ type: z.string(), message: some(z.string()) }))),
      resources: some(z.array(resource)),
    }),
  ),
});
export type Application = z.infer<typeof application>;

/** An Application, and who may be asked for it. */
export interface ApplicationPlace {
  readonly client: KubeClient;
  readonly lever: SyncedLever;
}

/** @throws OutsideRefusal where it is not there; OutsideTrouble where it has another shape */
export async function readApplication({ client, lever }: ApplicationPlace): Promise<Application> {
  const answer = await client.get(at(lever));
  if (answer.status === 200) return objectIn(application, answer.json, named(lever));
  throw new OutsideRefusal(`Cannot read ${named(lever)} of cluster "${client.cluster}": ${answer.message}`);
}

/**
 * @returns the object as it stands now; nothing where somebody wrote in between (the patch names a resourceVersion)
 * @throws OutsideRefusal where it is gone, or the cluster refuses the change
 */
export async function patchApplication(
  { client, lever }: ApplicationPlace,
  patch: Patch,
): Promise<Application | undefined> {
  const answer = await client.patch(at(lever), patch);
  if (answer.status === 200) return objectIn(application, answer.json, named(lever));
  // A `test` of a JSON Patch that does not hold is 422.
  if (answer.status === 409 || (answer.status === 422 && patch.type === 'json-patch')) return undefined;
  throw new OutsideRefusal(`Cannot change ${named(lever)} of cluster "${client.cluster}": ${answer.message}`);
}

const at = ({ application: { namespace, name } }: SyncedLever): ObjectAt => ({
  of: APPLICATIONS,
  namespace,
  name,
});

/** For messages. */
export const named = ({ application: { namespace, name } }: SyncedLever): string =>
  `Application "${name}" in "${namespace}"`;
