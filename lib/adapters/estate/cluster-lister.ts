import * as z from 'zod/mini';
import { OutsideRefusal } from '../../core/errors.ts';
import type { Listed } from '../../core/estate.ts';
import { answerOf } from '../kubernetes/answers.ts';
import { type AttemptDeps, answerTo } from '../kubernetes/attempts.ts';
import type { Resource } from '../kubernetes/client.ts';
import { namespaceChecked } from '../kubernetes/names.ts';
import { objectIn } from '../kubernetes/reading.ts';
import { pagesOf } from './pages.ts';

/** What is listed, and how much of it. */
export interface Asked {
  readonly of: Resource;
  /** @default - the whole cluster */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  /** Names, labels and annotations only: of Secrets nothing else leaves the cluster. @default false */
  readonly metadataOnly?: boolean;
}

/** Lists objects as they stand, page by page. A kind that the cluster does not know has none. */
export type Lister = (asked: Asked) => Promise<Listed<unknown>>;

const PAGE = '200';
const MOST_PAGES = 25;
const METADATA = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

const page = z.looseObject({
  items: z._default(z.nullable(z.array(z.unknown())), []),
  metadata: z.optional(z.looseObject({ continue: z.optional(z.string()) })),
});

/** @throws OutsideTrouble, OutsideRefusal (no permission) */
export const listerOf =
  (cluster: string, deps: AttemptDeps): Lister =>
  (asked) => {
    const where = asked.namespace === undefined ? '' : ` in "${asked.namespace}"`;
    const action = `list ${asked.of.resource}${where} of cluster "${cluster}"`;
    return pagesOf(MOST_PAGES, (next) => onePage({ action, ...deps }, asked, next));
  };

async function onePage(deps: AttemptDeps & { action: string }, asked: Asked, next: string | undefined) {
  const { action } = deps;
  const accept = asked.metadataOnly ? METADATA : 'application/json';
  const headers = { accept, 'user-agent': 'reinstate' };
  const call = { action, method: 'GET', path: pathOf(asked, next), headers } as const;
  const got = answerOf(action, await answerTo(deps, call));
  if (got.status === 404) return { items: [], next: undefined };
  if (got.status !== 200) throw new OutsideRefusal(`Cannot ${action}: ${got.message}`);
  const { items, metadata } = objectIn(page, got.json, `the answer to ${action}`);
  return { items: items ?? [], next: metadata?.continue };
}

function pathOf({ of, namespace, labelSelector }: Asked, next: string | undefined): string {
  const { group, version, resource } = of;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const below = namespace === undefined ? '' : `/namespaces/${namespaceChecked(namespace)}`;
  const query = new URLSearchParams({
    limit: PAGE,
    ...(labelSelector && { labelSelector }),
    ...(next && { continue: next }),
  });
  return `${root}${below}/${resource}?${query}`;
}
