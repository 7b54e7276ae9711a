import type { KubeAnswer } from '../../../lib/adapters/kubernetes/answers.ts';
import type { KubeClient, Patch } from '../../../lib/adapters/kubernetes/client.ts';
import { deploymentPort } from '../../../lib/adapters/levers/deployment.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';
import { type JsonPatch, patched } from '../../../lib/adapters/memory/json-patch.ts';
import { orderOf } from '../../contracts/rollout-scene.ts';
import { aDeployment } from '../../service-builders.ts';

/** Pod-template-hashes, as the controller makes them. */
export const GOOD = '6d8f7c9b5';
export const BAD = '7b9d5f4c6';
export const REVISION = 'deployment.kubernetes.io/revision';

export type Fields = Record<string, unknown>;
export interface ApiObject {
  readonly metadata: Fields;
  readonly spec: Fields;
  readonly status: Fields;
}

/** BAD has all pods. */
export const anObject = (over: { metadata?: Fields; spec?: Fields; status?: Fields } = {}): ApiObject => ({
  metadata: {
    name: 'model-svc',
    namespace: 'ml',
    uid: 'uid-1',
    resourceVersion: '41',
    generation: 5,
    annotations: { [REVISION]: '2' },
    ...over.metadata,
  },
  spec: { replicas: 3, selector: { matchLabels: { app: 'model-svc' } }, template: {}, ...over.spec },
  status: { observedGeneration: 5, replicas: 3, updatedReplicas: 3, availableReplicas: 3, ...over.status },
});

export const aSet = (hash: string, revision: number, pods: number): ApiObject => ({
  metadata: {
    name: `model-svc-${hash}`,
    namespace: 'ml',
    uid: `uid-${hash}`,
    resourceVersion: '7',
    labels: { app: 'model-svc', 'pod-template-hash': hash },
    annotations: { [REVISION]: String(revision) },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'model-svc', uid: 'uid-1' }],
  },
  spec: {
    template: {
      metadata: { creationTimestamp: null, labels: { app: 'model-svc', 'pod-template-hash': hash } },
      spec: { containers: [{ name: 'model', image: `model:${hash}` }] },
    },
  },
  status: { replicas: pods },
});

export interface Fake {
  object: ApiObject | undefined;
  sets: ApiObject[];
  refusals?: KubeAnswer[];
  /** What the controller makes of a patch that was taken. @default it has seen it, and is done */
  controller?: (fake: Fake) => void;
  passing?: (fake: Fake, looks: number) => void;
}

/** The controller gives GOOD the next revision, and this many pods. */
export const takeUp =
  (pods: number, rest: number, status: Fields = {}) =>
  (fake: Fake): void => {
    fake.sets = [aSet(GOOD, 3, pods), aSet(BAD, 2, rest)];
    const seen = { generation: 6, annotations: { [REVISION]: '3' } };
    fake.object = anObject({ metadata: seen, status: { observedGeneration: 6, ...status } });
  };

/** The lever over a hand-made cluster: what it sent, what it listed, and how long it waited. */
export function aPlace(over: Partial<Fake> = {}) {
  const fake: Fake = { object: anObject(), sets: [aSet(GOOD, 1, 0), aSet(BAD, 2, 3)], ...over };
  const sent: { body: JsonPatch; manager: string | undefined }[] = [];
  const lists: string[] = [];
  let looks = 0;
  const client: KubeClient = {
    cluster: 'shop',
    get: async () => {
      looks += 1;
      fake.passing?.(fake, looks);
      return fake.object ? { status: 200, json: fake.object } : { status: 404, message: 'not found' };
    },
    list: async (_of, _namespace, selector) => {
      lists.push(selector);
      return { status: 200, json: { items: fake.sets } };
    },
    patch: async (_object, { body, fieldManager }: Patch) => {
      sent.push({ body: body as JsonPatch, manager: fieldManager });
      const refusal = fake.refusals?.shift();
      if (refusal) return refusal;
      const after = fake.object && patched(fake.object, body as JsonPatch);
      if (!after) return { status: 422, message: 'the server rejected our request' };
      (fake.controller ?? takeUp(3, 0))(fake);
      return { status: 200, json: after };
    },
  };
  const clock = memoryClock(0);
  const lever = aDeployment();
  const port = deploymentPort({ clock, clientOf: async () => client, told: async () => [] });
  const act = () => port.act(lever, orderOf(GOOD, BAD));
  return { fake, sent, lists, clock, act, port, lever, observe: (to = GOOD) => port.observe(lever, to) };
}
