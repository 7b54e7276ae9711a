import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { OutsideRefusal } from '../../../core/errors.ts';
import type { ReplicaSet } from '../../kubernetes/objects.ts';

/** What the controller puts on a ReplicaSet, its pods and its selector: the pod-template-hash. */
export const HASH_LABEL = 'rollouts-pod-template-hash';
const EPHEMERAL = 'rollout.argoproj.io/ephemeral-metadata';

type Template = NonNullable<ReplicaSet['spec']['template']>;
type Texts = Readonly<Record<string, string>>;

/**
 * The template of a ReplicaSet as the spec had it: without what the controller added. What is left of that would make
 * another hash, which is a new canary of the good image; the plugin's `undo` removes no more than the label.
 */
export function templateOf(set: ReplicaSet, hashLabel = HASH_LABEL): Template {
  const { metadata = {}, ...rest } = set.spec.template ?? {};
  const { labels = {}, annotations, creationTimestamp: _, ...named } = metadata;
  const added = ephemeralOf(set);
  const bare = {
    ...named,
    labels: without(labels, [hashLabel, ...added.labels]),
    ...(annotations && { annotations: without(annotations, added.annotations) }),
  };
  return { ...rest, metadata: bare };
}

/** sha256 over sorted lines of `<container> <image>`: the same for two templates that run the same images. */
export function digestOf({ spec: { template } }: ReplicaSet): string {
  const { containers = [] } = template?.spec ?? {};
  const all = [...initContainersOf(template), ...containers];
  const lines = all.map(({ name, image = '' }) => `${name} ${image}`).sort((a, b) => (a < b ? -1 : 1));
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

const withInit = z.looseObject({
  initContainers: z._default(z.array(z.looseObject({ name: z.string(), image: z.optional(z.string()) })), []),
});

const initContainersOf = (template: Template | undefined) =>
  z.safeParse(withInit, template?.spec).data?.initContainers ?? [];

const without = (texts: Texts, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).filter(([name]) => !names.includes(name)));

const texts = z._default(z.record(z.string(), z.string()), {});
const ephemeral = z.looseObject({ labels: texts, annotations: texts });

/** Names of what pods have only while their ReplicaSet is the canary, or the stable one. */
function ephemeralOf({ metadata }: ReplicaSet): { labels: string[]; annotations: string[] } {
  const text = metadata.annotations?.[EPHEMERAL] ?? '{}';
  try {
    const { labels, annotations } = z.parse(ephemeral, JSON.parse(text));
    return { labels: Object.keys(labels), annotations: Object.keys(annotations) };
  } catch (error) {
    const where = `annotation "${EPHEMERAL}" of ReplicaSet "${metadata.name}"`;
    throw new OutsideRefusal(`Cannot read ${where}: expected labels and annotations in JSON`, {
      cause: error,
    });
  }
}
