import * as z from 'zod/mini';
import { OutsideTrouble } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import type { Deployment, Rollout } from './objects.ts';

/**
 * The object in an answer. `what` is for messages: `rollout "web" in "prod"`.
 * @throws OutsideTrouble where it has another shape than that kind has
 */
export function objectIn<T extends z.ZodMiniType>(shape: T, json: unknown, what: string): z.infer<T> {
  const { success, data, error } = z.safeParse(shape, json);
  if (success) return data;
  const [issue] = error.issues;
  const wanted = issue?.code === 'invalid_type' ? `expected ${issue.expected}` : (issue?.message ?? '');
  const where = issue?.path.length ? `"${issue.path.join('.')}"` : 'the answer';
  throw new OutsideTrouble(`Cannot read ${what}: ${printable(`${where}: ${wanted}`).slice(0, 200)}`);
}

const list = z.looseObject({ items: z.array(z.unknown()) });

/** The objects in the answer to a list. @throws OutsideTrouble */
export const objectsIn = <T extends z.ZodMiniType>(shape: T, json: unknown, what: string): z.infer<T>[] =>
  objectIn(list, json, what).items.map((item) => objectIn(shape, item, what));

/** Whether the controller has seen the newest spec. On a Rollout its generation is a text. */
export const isObserved = ({ metadata, status }: Pick<Rollout, 'metadata' | 'status'>): boolean =>
  status.observedGeneration === String(metadata.generation);

/** The same of a Deployment. */
export const isDeploymentObserved = ({ metadata, status }: Deployment): boolean =>
  (status.observedGeneration ?? 0) >= metadata.generation;

/**
 * The selector of a workload, for a list. @returns undefined where it names nothing: that would be every object there
 */
export function wholeSelectorOf({ matchLabels = {}, matchExpressions = [] }: Selector): string | undefined {
  const parts = [selectorOf(matchLabels), ...matchExpressions.map(expressed)].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(',') : undefined;
}

type Selector = NonNullable<Rollout['spec']['selector']>;

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors */
function expressed(written: Readonly<Record<string, unknown>>): string {
  const { key, operator, values } = objectIn(expression, written, 'a selector');
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
}

const expression = z.looseObject({
  key: z.string(),
  operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
  values: z._default(z.array(z.string()), []),
});

/** Labels as a selector for a list: `app=web,tier=api`. */
export const selectorOf = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
