import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { OutsideRefusal } from '../../../core/errors.ts';
import type { Revision } from './history.ts';

/** A revision with what was rendered for it: that may hold credentials, so it is neither logged nor quoted. */
export interface StoredRevision extends Revision {
  readonly manifest: string;
  /** Of objects that name none. */
  readonly namespace: string;
}

const TYPE = 'helm.sh/release.v1';

/** The selector that Helm itself lists with (pkg/storage/storage.go History). */
export const selectorFor = (release: string): string => `owner=helm,name=${release}`;

/** A Secret as Helm keeps a release: `data.release` is base64 of base64 of gzip of JSON. */
export const releaseSecret = z.looseObject({
  metadata: z.looseObject({ name: z.string(), creationTimestamp: z.optional(z.string()) }),
  type: z.optional(z.string()),
  data: z.optional(z.record(z.string(), z.string())),
});
export type ReleaseSecret = z.infer<typeof releaseSecret>;

/** pkg/release/v1/release.go and info.go; charts, values and hooks are not read. */
const release = z.object({
  version: z.int().check(z.positive()),
  namespace: z.string(),
  manifest: z._default(z.string(), ''),
  info: z.object({
    status: z.string(),
    description: z._default(z.string(), ''),
    last_deployed: z.optional(z.string()),
  }),
});

/** The revisions among Secrets with Helm's labels. @throws OutsideRefusal where one is not what Helm writes */
export const revisionsIn = (secrets: readonly ReleaseSecret[]): StoredRevision[] =>
  secrets.filter(({ type }) => type === TYPE).map(revisionIn);

function revisionIn({ metadata, data = {} }: ReleaseSecret): StoredRevision {
  const { success, data: stored } = z.safeParse(release, decoded(metadata.name, data['release'] ?? ''));
  if (!success) throw unreadable(metadata.name);
  const { version, namespace, manifest, info } = stored;
  return {
    number: version,
    status: info.status,
    description: info.description,
    digest: createHash('sha256').update(manifest.trim()).digest('hex'),
    // The API server's clock before that of whoever ran Helm.
    startedAt: Date.parse(metadata.creationTimestamp ?? info.last_deployed ?? '') || 0,
    manifest,
    namespace,
  };
}

/** A Secret holds 1 MB; gzip packs text to a tenth, and a thousandth where it was made for that. */
const LARGEST_BYTES = 64 * 1024 * 1024;

function decoded(name: string, text: string): unknown {
  const packed = Buffer.from(Buffer.from(text, 'base64').toString('latin1'), 'base64');
  // Without a cause: its message may quote what is inside.
  try {
    const isGzip = packed[0] === 0x1f && packed[1] === 0x8b;
    const json = isGzip ? gunzipSync(packed, { maxOutputLength: LARGEST_BYTES }) : packed;
    return JSON.parse(json.toString('utf8'));
  } catch {
    throw unreadable(name);
  }
}

const unreadable = (name: string) =>
  new OutsideRefusal(`Cannot read Secret "${name}": it is not a release as Helm keeps one`);
