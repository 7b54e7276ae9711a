/** What goes over the wire to a repository behind smart HTTP, bounded in time and bytes. */
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { type BytesAnswer, type BytesHttp, excerpt, shown } from '../http.ts';
import { LIMITS } from './caps.ts';
import type { Credentials } from './credentials.ts';

export interface WireDeps {
  readonly http: BytesHttp;
  readonly clock: Pick<Clock, 'now'>;
  /** https, without a user: it has been judged. */
  readonly repository: string;
  /** Read at use. */
  readonly credentials: () => Promise<Pick<Credentials, 'git' | 'hide'>>;
}

/** A pack of many megabytes takes its time; a listing does not. */
const PACK_WITHIN_MS = 25_000;
const LIST_WITHIN_MS = 5000;
/** Of all requests of one look, or one act: two looks fit into plan-rollback's 30 s, and its other levers are seen (F20). */
const ALL_WITHIN_MS = 12_000;
const LARGEST_LISTING_BYTES = 8 * 1024 * 1024;

/** One service of a repository, asked and answered in bytes. */
export interface Wire {
  readonly name: string;
  list(service: Service): Promise<Buffer>;
  post(service: Service, body: Uint8Array): Promise<Buffer>;
  /** What the server said, short, printable and without credentials. */
  quote(said: string): Promise<string>;
}

type Service = 'git-upload-pack' | 'git-receive-pack';

export function wireOf(deps: WireDeps): Wire {
  const { credentials } = deps;
  const base = deps.repository.replace(/\/+$/, '');
  const http = inAll(deps, base);
  const ask = async (service: Service, request: Parameters<BytesHttp>[0]): Promise<Buffer> => {
    const { git, hide } = await credentials();
    const version = service === 'git-upload-pack' ? { 'git-protocol': 'version=2' } : {};
    const headers = { ...git, ...version, ...request.headers };
    return bytesIn(request.url, await http({ ...request, headers }), hide);
  };
  return {
    name: shown(base),
    quote: async (said) => excerpt((await credentials()).hide(said)),
    list: (service) => ask(service, listing(base, service)),
    post: (service, bytes) => ask(service, posting(base, service, bytes)),
  };
}

/** The time that is left of all requests is what the next one has at most. */
function inAll({ http, clock }: WireDeps, base: string): BytesHttp {
  let left = ALL_WITHIN_MS;
  return async (request) => {
    if (left <= 0)
      throw new OutsideTrouble(`Cannot read ${shown(base)}: no whole answer in ${ALL_WITHIN_MS} ms in all`);
    const began = clock.now();
    try {
      return await http({ ...request, timeoutMs: Math.min(request.timeoutMs ?? left, left) });
    } finally {
      left -= clock.now() - began;
    }
  };
}

const listing = (base: string, service: Service) => ({
  url: `${base}/info/refs?service=${service}`,
  headers: { accept: '*/*' },
  timeoutMs: LIST_WITHIN_MS,
  largestBytes: LARGEST_LISTING_BYTES,
});

const posting = (base: string, service: Service, bytes: Uint8Array) => ({
  url: `${base}/${service}`,
  method: 'POST' as const,
  bytes,
  headers: {
    accept: `application/x-${service}-result`,
    'content-type': `application/x-${service}-request`,
  },
  timeoutMs: PACK_WITHIN_MS,
  largestBytes: LIMITS.packBytes,
});

function bytesIn(
  url: string,
  { status, contentType, bytes }: BytesAnswer,
  hide: Credentials['hide'],
): Buffer {
  const cannot = `Cannot use ${shown(url)}: it answered ${status}`;
  if (status === 401 || status === 403) throw new OutsideRefusal(`${cannot}; the credentials are not let in`);
  if (status === 404)
    throw new OutsideRefusal(`${cannot}; there is no such repository, or none for these credentials`);
  if (status === 200 && contentType.startsWith('application/x-git-')) return bytes;
  const text = `${cannot} "${excerpt(hide(bytes.toString('utf8', 0, 1000)))}"; expected Git`;
  throw status === 200 || (status >= 400 && status < 500 && status !== 429 && status !== 408)
    ? new OutsideRefusal(text)
    : new OutsideTrouble(text);
}
