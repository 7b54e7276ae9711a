import { lookup as lookUp } from 'node:dns/promises';
import { type IncomingMessage, request as plain, type RequestOptions } from 'node:http';
import { request as secure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { OutsideRefusal, OutsideTrouble, sentenceOf } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { type Address, objectionTo, type Resolve } from './addresses.ts';

/** Where requests may go. `hosts` as in a URL, with the port where it is not the usual one. */
export interface HttpRules {
  readonly hosts: readonly string[];
  /** Loopback and plain http as well: `local` only. */
  readonly insecureLocal: boolean;
}

/** One request; redirects are not followed. */
export interface HttpRequest {
  readonly url: string;
  /** @default GET */
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly json?: unknown;
  /** Sent as it is, under a `content-type` of its own. @default - `json` */
  readonly bytes?: Uint8Array;
  /** A longer answer is trouble. @default 1 MiB */
  readonly largestBytes?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** For all of it, from looking the name up to the last byte. @default 5000 */
  readonly timeoutMs?: number;
}

/** Any answer that is no redirect; what its status means is the caller's affair. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  /** Seconds after which to ask again, where the server says so in seconds (RFC 9110, 10.2.3). */
  readonly retryAfterSeconds?: number;
}

/** The same, unread. */
export interface BytesAnswer extends Omit<HttpAnswer, 'text'> {
  readonly bytes: Buffer;
}

/** @throws OutsideRefusal where the URL may not be asked; OutsideTrouble when no whole answer came. */
export type Http = (request: HttpRequest) => Promise<HttpAnswer>;
/** The same, for answers that are no text. */
export type BytesHttp = (request: HttpRequest) => Promise<BytesAnswer>;

const TIMEOUT_MS = 5000;
/** A served value or an MLmodel file is a few KiB; what is more is no answer to us. */
const LARGEST_BODY_BYTES = 1024 * 1024;

/** A client for texts in UTF-8. */
export function httpClient(rules: HttpRules, resolve: Resolve = systemResolve): Http {
  const ask = bytesClient(rules, resolve);
  return async (request) => {
    const { bytes, ...answer } = await ask(request);
    return { ...answer, text: bytes.toString('utf8') };
  };
}

/** The only HTTP client for URLs that stand in files: a name is looked up once, judged, and then pinned (F26). */
export function bytesClient(rules: HttpRules, resolve: Resolve = systemResolve): BytesHttp {
  return async (request) => {
    const url = allowedUrl(request.url, rules);
    // The whole exchange within one time: a server that trickles its body ends here too (F21, slowloris).
    const signal = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
    try {
      const address = await pinned(url, rules, beforeAbort(resolve, signal));
      return await exchange(url, request, { signal, lookup: always(address) });
    } catch (error) {
      if (error instanceof OutsideRefusal || error instanceof OutsideTrouble) throw error;
      const why = signal.aborted
        ? `no whole answer in ${request.timeoutMs ?? TIMEOUT_MS} ms`
        : sentenceOf(error);
      throw new OutsideTrouble(`Cannot reach ${shown(url)}: ${why}`, { cause: error });
    }
  };
}

function allowedUrl(text: string, { hosts, insecureLocal }: HttpRules): URL {
  const url = URL.parse(text);
  if (!url) throw new OutsideRefusal(`Cannot ask "${printable(text).slice(0, 80)}": expected a URL`);
  const refuse = (why: string) => new OutsideRefusal(`Cannot ask ${shown(url)}: ${why}`);
  if (url.username || url.password) throw refuse('a user or password stands in the URL; expected none');
  if (url.protocol !== 'https:' && !(insecureLocal && url.protocol === 'http:')) {
    throw refuse(`the scheme is "${url.protocol.slice(0, -1)}"; expected https`);
  }
  if (!hosts.includes(url.host)) throw refuse(`"${url.host}" is not on the list of hosts`);
  return url;
}

/** The one address that is connected to: all that the name stands for must be allowed, or a rebind could choose. */
async function pinned(url: URL, { insecureLocal }: HttpRules, resolve: Resolve): Promise<Address> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) ? [{ address: host, family: isIP(host) }] : await resolve(host);
  for (const { address } of addresses) {
    const objection = objectionTo(address, insecureLocal);
    if (objection) throw new OutsideRefusal(`Cannot ask ${shown(url)}: ${address} is ${objection}`);
  }
  const [first] = addresses;
  if (!first) throw new OutsideTrouble(`Cannot reach ${shown(url)}: its name has no address`);
  return first;
}

/** Looking a name up cannot be stopped, only left behind. */
const beforeAbort =
  (resolve: Resolve, signal: AbortSignal): Resolve =>
  (host) =>
    Promise.race([
      resolve(host),
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
    ]);

/** Node asks for one address or, with happy eyeballs, for all of them. */
const always =
  ({ address, family }: Address): LookupFunction =>
  (_host, options, done) =>
    options.all ? done(null, [{ address, family }]) : done(null, address, family);

async function exchange(
  url: URL,
  request: HttpRequest,
  limits: Pick<RequestOptions, 'signal' | 'lookup'>,
): Promise<BytesAnswer> {
  const { method = 'GET', json } = request;
  const body = request.bytes ?? Buffer.from(json === undefined ? '' : JSON.stringify(json));
  const headers = {
    accept: 'application/json',
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...(method !== 'GET' && { 'content-length': body.length }),
    ...request.headers,
  };
  // No agent: a pooled connection would carry a request to an address that was judged for another one.
  const options = { method, headers, agent: false, ...limits };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? secure : plain)(url, options, resolve);
    sent.on('error', reject).end(body);
  });
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    answer.destroy();
    throw new OutsideRefusal(`Cannot ask ${shown(url)}: it answered ${status}; redirects are not followed`);
  }
  const largest = request.largestBytes ?? LARGEST_BODY_BYTES;
  const bytes = await bytesOf(url, answer, largest);
  const later = /^\d{1,6}$/.exec(answer.headers['retry-after'] ?? '')?.[0];
  const contentType = answer.headers['content-type'] ?? '';
  return { status, contentType, bytes, ...(later !== undefined && { retryAfterSeconds: Number(later) }) };
}

async function bytesOf(url: URL, answer: IncomingMessage, largest: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) throw new OutsideTrouble(`Cannot read ${shown(url)}: more than ${largest} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A URL as messages show it: no query, which may hold a token, and no user. */
export const shown = (url: URL | string): string => {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
};

/** What an answer says, in short and printable. */
export const excerpt = (text: string): string => printable(text).replace(/\s+/g, ' ').trim().slice(0, 80);

/** An answer as JSON. @throws OutsideTrouble with its beginning when it is none. */
export function jsonOf(url: string, { status, text }: HttpAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const said = `it answered ${status} with "${excerpt(text)}"; expected JSON`;
    throw new OutsideTrouble(`Cannot read ${shown(url)}: ${said}`, { cause: error });
  }
}

const systemResolve: Resolve = (hostname) => lookUp(hostname, { all: true });
