import { parse } from 'yaml';
import * as z from 'zod/mini';
import { OutsideRefusal } from '../../../core/errors.ts';
import type { Resource } from '../../kubernetes/client.ts';
import { DEPLOYMENTS, ROLLOUTS } from '../../kubernetes/objects.ts';

/** A workload as a chart rendered it: images by container, those that run before the others too. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly name: string;
  /** @default - that of the release */
  readonly namespace?: string | undefined;
  readonly images: Readonly<Record<string, string>>;
  /** All of its pod template. */
  readonly template: unknown;
}

const apps = (resource: string): Resource => ({ group: 'apps', version: 'v1', resource });

/** What runs containers and can be told from its object: pods and jobs are made anew, not changed. */
export const WORKLOADS = {
  Deployment: DEPLOYMENTS,
  StatefulSet: apps('statefulsets'),
  DaemonSet: apps('daemonsets'),
  CronJob: { group: 'batch', version: 'v1', resource: 'cronjobs' },
  Rollout: ROLLOUTS,
} as const satisfies Record<string, Resource>;
export type WorkloadKind = keyof typeof WORKLOADS;
const KINDS = Object.keys(WORKLOADS) as WorkloadKind[];

/** Only these documents are parsed: the others may be large, and some are Secrets. */
const NAMES_KIND = new RegExp(`"?kind"?\\s*:\\s*["']?(?:${KINDS.join('|')})(?:List)?\\b`);

const containers = z.optional(
  z.nullable(z.array(z.looseObject({ name: z.string(), image: z.optional(z.string()) }))),
);
const podSpec = z.looseObject({ containers, initContainers: containers });
const template = z.optional(z.nullable(z.looseObject({ spec: z.optional(z.nullable(podSpec)) })));

/** Of the manifest, and of what is live: an object's containers stand in the same place in both. */
export const templates = {
  template,
  jobTemplate: z.optional(z.looseObject({ spec: z.looseObject({ template }) })),
};
const templated = z.looseObject({ spec: z.looseObject(templates) });

const document = z.object({
  ...templated.shape,
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.optional(z.string()) }),
});
const listed = z.looseObject({ items: z.array(z.unknown()) });

/** @param of for messages: `revision 7 of release "web"`. @throws OutsideRefusal, without quoting */
export const workloadsIn = (manifest: string, of: string): Workload[] =>
  manifest
    .split(/^---.*$/m)
    .filter((text) => NAMES_KIND.test(text))
    .flatMap((text) => objectsIn(text, of))
    .flatMap(workloadOf);

/** Helm applies the items of a List each by itself. */
function objectsIn(text: string, of: string): unknown[] {
  // YAML 1.1 is what Kubernetes reads (0644 is octal). Without a cause: its message quotes the manifest.
  try {
    const parsed: unknown = parse(text, { logLevel: 'error', version: '1.1' });
    const { success, data } = z.safeParse(listed, parsed);
    return success ? data.items : [parsed];
  } catch {
    throw new OutsideRefusal(`Cannot read the manifest of ${of}: it is not YAML`);
  }
}

function workloadOf(json: unknown): Workload[] {
  const { success, data } = z.safeParse(document, json);
  const kind = success ? KINDS.find((known) => known === data.kind) : undefined;
  if (!success || !kind || data.apiVersion.split('/').at(-2) !== WORKLOADS[kind].group) return [];
  const { name, namespace } = data.metadata;
  return [{ kind, name, namespace, images: imagesOf(data), template: templateOf(data) }];
}

type Templated = z.infer<typeof templated>;

export const templateOf = ({ spec }: Templated) => spec.template ?? spec.jobTemplate?.spec.template;

/** Images by container. */
export function imagesOf(object: Templated): Record<string, string> {
  const pod = templateOf(object)?.spec;
  const all = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
  return Object.fromEntries(all.flatMap(({ name, image }) => (image ? [[name, image]] : [])));
}
