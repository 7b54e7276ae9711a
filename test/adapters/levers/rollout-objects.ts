import type { KubeAnswer } from '../../../lib/adapters/kubernetes/answers.ts';
import type { KubeClient, ObjectAt, Patch } from '../../../lib/adapters/kubernetes/client.ts';
import { rolloutPort } from '../../../lib/adapters/levers/rollout.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { type JsonPatch, patched } from '../../../lib/adapters/memory/json-patch.ts';
import type { RolloutLever } from '../../../lib/core/service.ts';
import type { Order } from '../../../lib/ports/lever.ts';
import { aRollout } from '../../service-builders.ts';

/** Pod-template-hashes, as the controller makes them. */
export const GOOD = '6d8f7c9b5';
export const BAD = '7b9d5f4c6';
export const OTHER = '5c4d3b2a1';

type Fields = Record<string, unknown>;
export interface ApiObject {
  readonly metadata: Fields;
  readonly spec: Fields;
  readonly status: Fields;
}

const CANARY = { trafficRouting: { nginx: {} }, steps: [{ setWeight: 10 }, { pause: {} }] };
export const BASIC = { canary: { steps: CANARY.steps } };
export const BLUE_GREEN = { blueGreen: { activeService: 'web', previewService: 'web-preview' } };

export const weights = (canary: number, hash: string, stable = GOOD): Fields => ({
  canary: { weight: canary, podTemplateHash: hash },
  stable: { weight: 100 - canary, podTemplateHash: stable },
});

/** An update from GOOD to BAD, in flight at its first pause, with 10 % by a router. */
export function anObject(over: { metadata?: Fields; spec?: Fields; status?: Fields } = {}): ApiObject {
  return {
    metadata: {
      name: 'model-svc',
      namespace: 'ml',
      uid: 'uid-1',
      resourceVersion: '41',
      generation: 5,
      annotations: {},
      ...over.metadata,
    },
    spec: { template: { spec: {} }, strategy: { canary: CANARY }, ...over.spec },
    status: {
      observedGeneration: '5',
      currentPodHash: BAD,
      stableRS: GOOD,
      phase: 'Paused',
      message: 'CanaryPauseStep',
      currentStepIndex: 1,
      pauseConditions: [{ reason: 'CanaryPauseStep' }],
      canary: { weights: weights(10, BAD) },
      ...over.status,
    },
  };
}

/** What the controller writes once it has aborted. */
export const ABORTED = {
  abort: true,
  abortedAt: '2026-11-21T09:00:00Z',
  phase: 'Degraded',
  currentStepIndex: 0,
  pauseConditions: undefined,
  canary: { weights: weights(0, BAD) },
};

/** One hash that has everything. */
export const complete = (hash: string): Fields => ({
  currentPodHash: hash,
  stableRS: hash,
  currentStepIndex: 2,
  pauseConditions: undefined,
  phase: 'Healthy',
  canary: { weights: weights(0, hash, hash) },
});

export function aReplicaSet(hash: string, over: { metadata?: Fields; template?: Fields } = {}): Fields {
  return {
    metadata: {
      name: `model-svc-${hash}`,
      namespace: 'ml',
      uid: `uid-${hash}`,
      resourceVersion: '7',
      labels: { app: 'model-svc', 'rollouts-pod-template-hash': hash },
      ownerReferences: [
        { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'model-svc', uid: 'uid-1' },
      ],
      ...over.metadata,
    },
    spec: {
      template: {
        metadata: {
          creationTimestamp: null,
          labels: { app: 'model-svc', 'rollouts-pod-template-hash': hash },
        },
        spec: { containers: [{ name: 'model', image: `model:${hash}` }] },
        ...over.template,
      },
    },
  };
}

export interface Fake {
  rollout: ApiObject | undefined;
  deployment?: ApiObject;
  sets?: Fields[];
  /** What the controller makes of the Rollout after a patch was taken. @default nothing: it is down */
  controller?: (rollout: ApiObject, patch: Sent) => ApiObject;
  /** Selectors of the lists that were asked for. */
  lists?: string[];
  /** Answers to the next patches, in place of taking them. */
  refusals?: KubeAnswer[];
  /** What happens between two looks. */
  passing?: (rollout: ApiObject, looks: number) => ApiObject;
}

export interface Sent {
  /** `rollouts/status`, `rollouts`, `deployments` */
  readonly to: string;
  readonly name: string;
  readonly body: JsonPatch;
  readonly manager: string | undefined;
}

/** The lever over a hand-made cluster: what it sent, and how long it waited. */
export function aPlace(fake: Fake, over: Partial<RolloutLever> = {}) {
  const sent: Sent[] = [];
  const clock = memoryClock(0);
  const lever = aRollout(over);
  const client = fakeClient(fake, sent);
  const port = rolloutPort({ clock, clientOf: async () => client, served: async () => undefined });
  const act = (order: Partial<Order> = {}) =>
    port.act(lever, { to: GOOD, incident: 'i-1', fence: 7, before: { value: BAD }, ...order });
  return { port, lever, sent, clock, act, observe: (to = GOOD) => port.observe(lever, to) };
}

function fakeClient(fake: Fake, sent: Sent[]): KubeClient {
  let looks = 0;
  return {
    cluster: 'shop',
    get: async (object) => {
      looks += 1;
      if (fake.passing && fake.rollout) fake.rollout = fake.passing(fake.rollout, looks);
      return answered(object.of.resource === 'deployments' ? fake.deployment : fake.rollout);
    },
    list: async (_of, _namespace, selector) => {
      fake.lists?.push(selector);
      const all = fake.sets ?? [aReplicaSet(GOOD), aReplicaSet(BAD)];
      const items = all.filter((set) => isAsked(selector, set));
      return { status: 200, json: { items } };
    },
    patch: async (object, patch) => take(fake, sent, { object, patch }),
  };
}

/** All that have a hash, or some. */
const isAsked = (selector: string, set: Fields): boolean =>
  !selector.includes(' in (') ||
  selector.includes(String((set['metadata'] as { labels: Fields }).labels['rollouts-pod-template-hash']));

const answered = (json: unknown): KubeAnswer =>
  json ? { status: 200, json } : { status: 404, message: 'not found' };

function take(fake: Fake, sent: Sent[], { object, patch }: { object: ObjectAt; patch: Patch }): KubeAnswer {
  const to = `${object.of.resource}${patch.subresource ? `/${patch.subresource}` : ''}`;
  const one = { to, name: object.name, body: patch.body as JsonPatch, manager: patch.fieldManager };
  sent.push(one);
  const refusal = fake.refusals?.shift();
  if (refusal) return refusal;
  const before = to === 'deployments' ? fake.deployment : fake.rollout;
  const after = before && patched(before, one.body);
  if (!after) return { status: 422, message: 'the server rejected our request' };
  if (to === 'deployments') fake.deployment = after;
  else fake.rollout = after;
  if (fake.controller && fake.rollout) fake.rollout = fake.controller(fake.rollout, one);
  return { status: 200, json: after };
}

export const withStatus = (object: ApiObject, status: Fields): ApiObject => ({
  ...object,
  status: { ...object.status, ...status },
});

/** A controller that sees a new template as GOOD, and carries out what the status asks. */
export function controllerOf(object: ApiObject, { to }: Sent): ApiObject {
  if (to !== 'rollouts/status') return seeGood(object);
  if (object.status['promoteFull']) return withStatus(object, { ...complete(GOOD), promoteFull: undefined });
  return object.status['abort'] ? withStatus(object, ABORTED) : object;
}

function seeGood(object: ApiObject): ApiObject {
  const generation = Number(object.metadata['generation']) + 1;
  const seen = { ...object, metadata: { ...object.metadata, generation } };
  const weightsNow = weights(10, GOOD, String(object.status['stableRS']));
  return withStatus(seen, {
    observedGeneration: String(generation),
    currentPodHash: GOOD,
    abort: undefined,
    abortedAt: undefined,
    currentStepIndex: 1,
    pauseConditions: [{ reason: 'CanaryPauseStep' }],
    canary: { weights: weightsNow },
  });
}
