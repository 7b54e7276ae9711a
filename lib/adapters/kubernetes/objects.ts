import * as z from 'zod/mini';
import type { Resource } from './client.ts';

export const ROLLOUTS: Resource = { group: 'argoproj.io', version: 'v1alpha1', resource: 'rollouts' };
export const REPLICA_SETS: Resource = { group: 'apps', version: 'v1', resource: 'replicasets' };
export const DEPLOYMENTS: Resource = { group: 'apps', version: 'v1', resource: 'deployments' };
export const SERVICES: Resource = { group: '', version: 'v1', resource: 'services' };
export const PODS: Resource = { group: '', version: 'v1', resource: 'pods' };

/** What we read of each kind; every other field is kept, so that a template can be copied whole. */
const some = <T extends z.core.SomeType>(type: T) => z.optional(type);
const texts = some(z.record(z.string(), z.string()));
const count = some(z.int());
const anything = z.record(z.string(), z.unknown());

const owner = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  uid: z.string(),
  controller: some(z.boolean()),
});

/** `fieldsV1` is a tree of keys such as `f:spec`; `subresource` is set for writes to `/status`. */
const managedField = z.looseObject({
  manager: some(z.string()),
  operation: some(z.string()),
  subresource: some(z.string()),
  time: some(z.string()),
  fieldsV1: some(anything),
});

const metadata = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  resourceVersion: z.string(),
  generation: count,
  creationTimestamp: some(z.string()),
  deletionTimestamp: some(z.string()),
  labels: texts,
  annotations: texts,
  ownerReferences: some(z.array(owner)),
  managedFields: some(z.array(managedField)),
});

const condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: some(z.string()),
  message: some(z.string()),
});
const conditions = some(z.array(condition));

const container = z.looseObject({ name: z.string(), image: some(z.string()) });
const podSpec = z.looseObject({ containers: some(z.array(container)), affinity: some(anything) });
const template = z.looseObject({
  metadata: some(z.looseObject({ labels: texts, annotations: texts })),
  spec: some(podSpec),
});
const selector = some(z.looseObject({ matchLabels: texts, matchExpressions: some(z.array(anything)) }));

const canary = z.looseObject({
  canaryService: some(z.string()),
  stableService: some(z.string()),
  steps: some(z.array(anything)),
  trafficRouting: some(z.looseObject({ maxTrafficWeight: count })),
  dynamicStableScale: some(z.boolean()),
  /** Seconds; 0 is never. */
  abortScaleDownDelaySeconds: count,
});

const blueGreen = z.looseObject({
  activeService: some(z.string()),
  previewService: some(z.string()),
  scaleDownDelaySeconds: count,
});

/** `weight` is a share of `maxTrafficWeight`, 100 where that is not given. */
const weight = z.looseObject({
  weight: z.int(),
  podTemplateHash: some(z.string()),
  serviceName: some(z.string()),
});

/** What the controller wrote to the router, with traffic routing only; `verified` by the ALB provider only. */
const weights = z.looseObject({
  canary: weight,
  stable: weight,
  additional: some(z.array(weight)),
  verified: some(z.boolean()),
});

const rolloutSpec = z.looseObject({
  replicas: count,
  paused: some(z.boolean()),
  restartAt: some(z.string()),
  revisionHistoryLimit: count,
  rollbackWindow: some(z.looseObject({ revisions: count })),
  selector,
  workloadRef: some(z.looseObject({ apiVersion: some(z.string()), kind: z.string(), name: z.string() })),
  /** Empty or absent with a `workloadRef`. */
  template: some(template),
  strategy: some(z.looseObject({ canary: some(canary), blueGreen: some(blueGreen) })),
});

/** `observedGeneration` and `workloadObservedGeneration` are texts (argo-rollouts issues 3402, 4672). */
const rolloutStatus = z.looseObject({
  abort: some(z.boolean()),
  abortedAt: some(z.string()),
  promoteFull: some(z.boolean()),
  restartedAt: some(z.string()),
  currentPodHash: some(z.string()),
  stableRS: some(z.string()),
  currentStepIndex: count,
  observedGeneration: some(z.string()),
  workloadObservedGeneration: some(z.string()),
  phase: some(z.string()),
  message: some(z.string()),
  pauseConditions: some(z.array(z.looseObject({ reason: some(z.string()), startTime: some(z.string()) }))),
  controllerPause: some(z.boolean()),
  conditions,
  replicas: count,
  updatedReplicas: count,
  readyReplicas: count,
  availableReplicas: count,
  canary: some(z.looseObject({ weights: some(weights), currentExperiment: some(z.string()) })),
  blueGreen: some(z.looseObject({ activeSelector: some(z.string()), previewSelector: some(z.string()) })),
});

const replicas = {
  replicas: count,
  readyReplicas: count,
  availableReplicas: count,
  observedGeneration: count,
};

/** `status` is empty until the controller has seen the object. */
export const rollout = z.looseObject({
  metadata: z.object({ ...metadata.shape, generation: z.int() }),
  spec: rolloutSpec,
  status: z._default(rolloutStatus, {}),
});
export type Rollout = z.infer<typeof rollout>;

export const replicaSet = z.looseObject({
  metadata,
  spec: z.looseObject({ replicas: count, selector, template }),
  status: z._default(z.looseObject(replicas), {}),
});
export type ReplicaSet = z.infer<typeof replicaSet>;

export const deployment = z.looseObject({
  metadata: z.object({ ...metadata.shape, generation: z.int() }),
  spec: z.looseObject({ replicas: count, paused: some(z.boolean()), selector, template }),
  status: z._default(z.looseObject({ ...replicas, updatedReplicas: count, conditions }), {}),
});
export type Deployment = z.infer<typeof deployment>;

const containerStatus = z.looseObject({ name: z.string(), ready: z.boolean(), imageID: some(z.string()) });

export const pod = z.looseObject({
  metadata,
  spec: podSpec,
  status: z._default(
    z.looseObject({
      phase: some(z.string()),
      podIP: some(z.string()),
      conditions,
      containerStatuses: some(z.array(containerStatus)),
    }),
    {},
  ),
});
export type Pod = z.infer<typeof pod>;
