import type { HttpAnswer } from '../http.ts';
import { answerOf, isOfCluster, type KubeAnswer } from './answers.ts';
import { type AttemptDeps, answerTo, type Call } from './attempts.ts';
import { nameChecked, namespaceChecked, podPathChecked } from './names.ts';
import { PODS } from './objects.ts';

/** A kind of object as the API's paths name it: `group` is empty for core. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

export interface ObjectAt {
  readonly of: Resource;
  readonly namespace: string;
  readonly name: string;
}

export interface Patch {
  readonly type: 'json-patch' | 'merge-patch' | 'strategic-merge';
  readonly body: unknown;
  /** A resource of its own, also for permissions. A patch of `/status` sent without it is 200 and has no effect. */
  readonly subresource?: 'status' | 'scale';
  /** Who owns the fields that change. @default - the first word of our User-Agent: `reinstate` */
  readonly fieldManager?: string;
  /** Refuses fields that the schema does not know, instead of dropping them. @default false */
  readonly strict?: boolean;
}

/** @throws BadInput before anything is asked; OutsideTrouble; OutsideRefusal (no permission, not known, wrong CA) */
export interface KubeClient {
  /** The name of the cluster, for messages. */
  readonly cluster: string;
  get(object: ObjectAt): Promise<KubeAnswer>;
  /** All objects of a namespace that a selector such as `app=web,tier!=db` names: `json` has `items`. */
  list(of: Resource, namespace: string, labelSelector: string): Promise<KubeAnswer>;
  /** Sent once, unless the cluster said that it took nothing (401, 429): after any trouble read the object again. */
  patch(object: ObjectAt, patch: Patch): Promise<KubeAnswer>;
}

/** A path of a pod. Its server answers plain HTTP there. */
export interface PodAt {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  /** From `/`, without `.` segments, percent signs and query. */
  readonly path: string;
}

/** A client that also reaches pods: from outside their network only the API server does. */
export interface PodClient extends KubeClient {
  /**
   * What a pod answers to a GET, whatever its status, but 401 and 403: those are the cluster's own mostly. Our token
   * ends at the API server, which does not hand it on (seen with kube-apiserver 1.35.4).
   * Two tries of 2 s, and 64 KiB. @throws BadInput, OutsideTrouble, OutsideRefusal
   */
  ask(pod: PodAt): Promise<HttpAnswer>;
}

export interface ClientDeps extends AttemptDeps {
  readonly cluster: string;
}

const CONTENT_TYPES = {
  'json-patch': 'application/json-patch+json',
  'merge-patch': 'application/merge-patch+json',
  'strategic-merge': 'application/strategic-merge-patch+json',
} as const;

/** The few calls that levers need of a Kubernetes API. Each try has 3 s, all tries of a call 8 s. */
export function kubeClient(deps: ClientDeps): PodClient {
  const { cluster } = deps;
  const inWords = (call: Call) => ({ ...call, action: `${call.action} of cluster "${cluster}"` });
  const ask = async (call: Call) => {
    const named = inWords(call);
    return answerOf(named.action, await answerTo(deps, named));
  };
  return {
    cluster,
    get: async (object) => ask(getting(object)),
    list: async (of, namespace, selector) => ask(listing(of, namespace, selector)),
    patch: async (object, patch) => ask(patching(object, patch)),
    ask: async (pod) => {
      const call = inWords(askingPod(pod));
      const answer = await answerTo(deps, call);
      if (answer.status === 403 || isOfCluster(answer)) answerOf(call.action, answer);
      return answer;
    },
  };
}

const HEADERS = { accept: 'application/json', 'user-agent': 'reinstate' };

const getting = (object: ObjectAt): Call => ({
  method: 'GET',
  path: objectPath(object),
  headers: HEADERS,
  action: `get ${object.of.resource} ${named(object)}`,
});

const listing = (of: Resource, namespace: string, labelSelector: string): Call => ({
  method: 'GET',
  path: `${collectionPath(of, namespace)}?${new URLSearchParams({ labelSelector })}`,
  headers: HEADERS,
  action: `list ${of.resource} in "${namespace}"`,
});

/** A version in JSON is some bytes; what is longer is another page. */
const LARGEST_POD_ANSWER_BYTES = 64 * 1024;

const askingPod = ({ namespace, name, port, path }: PodAt): Call => ({
  method: 'GET',
  path: `${collectionPath(PODS, namespace)}/${nameChecked(name)}:${port}/proxy${podPathChecked(path)}`,
  headers: HEADERS,
  action: `ask pod ${named({ namespace, name })} for ${path}`,
  tryMs: 2000,
  attempts: 2,
  largestBytes: LARGEST_POD_ANSWER_BYTES,
});

function patching(object: ObjectAt, patch: Patch): Call {
  const sub = patch.subresource ? `/${patch.subresource}` : '';
  const body = JSON.stringify(patch.body);
  const headers = {
    ...HEADERS,
    'content-type': CONTENT_TYPES[patch.type],
    'content-length': String(Buffer.byteLength(body)),
  };
  const path = `${objectPath(object)}${sub}${queryOf(patch)}`;
  return {
    method: 'PATCH',
    path,
    headers,
    body,
    action: `patch ${object.of.resource}${sub} ${named(object)}`,
  };
}

function queryOf({ fieldManager, strict = false }: Patch): string {
  const query = new URLSearchParams({
    ...(fieldManager !== undefined && { fieldManager }),
    ...(strict && { fieldValidation: 'Strict' }),
  });
  return query.size > 0 ? `?${query}` : '';
}

const objectPath = ({ of, namespace, name }: ObjectAt): string =>
  `${collectionPath(of, namespace)}/${nameChecked(name)}`;

function collectionPath({ group, version, resource }: Resource, namespace: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}/namespaces/${namespaceChecked(namespace)}/${resource}`;
}

const named = ({ namespace, name }: Pick<ObjectAt, 'namespace' | 'name'>): string =>
  `"${name}" in "${namespace}"`;
