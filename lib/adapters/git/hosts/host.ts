import { OutsideRefusal, OutsideTrouble } from '../../../core/errors.ts';
import { excerpt, type Http, type HttpAnswer, jsonOf, shown } from '../../http.ts';
import type { Credentials } from '../credentials.ts';

/** A request that people merge. `body` is Markdown. */
export interface PullRequest {
  /** The branch with the return, and the one that it is to be merged into. */
  readonly from: string;
  readonly into: string;
  readonly title: string;
  readonly body: string;
}

/**
 * Where a repository is kept. One that is open already for the same branch is found and not opened again.
 * @returns its URL; nothing where the host has none, and people open it
 * @throws OutsideRefusal, OutsideTrouble
 */
export type OpenRequest = (request: PullRequest) => Promise<string | undefined>;

export interface HostDeps {
  readonly http: Http;
  /** `https://git.example.com` */
  readonly origin: string;
  /** `shop/deploy` */
  readonly path: string;
  /** Read at use. */
  readonly credentials: () => Promise<Pick<Credentials, 'api' | 'hide'>>;
}

/** How one vendor's API is asked. */
export interface Vendor {
  /** Where requests are opened (POST) and listed (GET, with `query`). */
  readonly url: string;
  readonly query: (request: PullRequest) => string;
  readonly json: (request: PullRequest) => unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The address that people open. */
  readonly link: 'html_url' | 'web_url';
  /** What it answers where one is open already. */
  readonly exists: number;
  /** Whether an open one is the wanted one, where the query cannot say so. */
  readonly isSame?: (found: unknown, request: PullRequest) => boolean;
}

/** Opens first and looks afterwards: mostly there is none yet. */
export function opener({ http, credentials }: HostDeps, vendor: Vendor): OpenRequest {
  const ask = async (request: Parameters<Http>[0]): Promise<HttpAnswer> => {
    const { api, hide } = await credentials();
    const answer = await http({ ...request, headers: { ...vendor.headers, ...api } });
    return { ...answer, text: hide(answer.text) };
  };
  return async (request) => {
    const json = vendor.json(request);
    const opened = await ask({ url: vendor.url, method: 'POST', json, timeoutMs: 10_000 });
    if (opened.status === 201) return linkIn(vendor, jsonOf(vendor.url, opened));
    if (opened.status !== vendor.exists) throw failed('open a pull request', vendor, opened);
    const listed = await ask({ url: `${vendor.url}?${vendor.query(request)}` });
    if (listed.status !== 200) throw failed('list pull requests', vendor, listed);
    const all = jsonOf(vendor.url, listed);
    const same = (Array.isArray(all) ? all : []).find((one) => vendor.isSame?.(one, request) ?? true);
    if (same === undefined) throw failed('open a pull request', vendor, opened);
    return linkIn(vendor, same);
  };
}

function failed(what: string, { url }: Vendor, { status, text }: HttpAnswer): Error {
  const sentence = `Cannot ${what} at ${shown(url)}: it answered ${status} "${excerpt(text)}"`;
  return isLater(status) ? new OutsideTrouble(sentence) : new OutsideRefusal(sentence);
}

/** Of these statuses 409 says that one is open already. */
const isLater = (status: number): boolean => status === 429 || status >= 500;

function linkIn({ url, link }: Vendor, found: unknown): string {
  const value = fieldOf(found, link);
  if (typeof value === 'string' && /^https?:\/\//.test(value)) return value.slice(0, 500);
  throw new OutsideTrouble(`Cannot read the pull request at ${shown(url)}: it has no ${link}`);
}

export const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
