import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { NO_CLUSTER } from '../../core/environment.ts';
import { BadInput, OutsideRefusal, OutsideTrouble, sentenceOf } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { type HttpAnswer, shown } from '../http.ts';

export interface WireRequest {
  readonly method: 'GET' | 'PATCH';
  /** With its query, below the endpoint. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From connecting to the last byte. */
  readonly timeoutMs: number;
  /** @default 32 MiB: a list of a thousand pods is 15 MB; the largest object of etcd has 1.5. */
  readonly largestBytes?: number;
}

/** `retryAfter` as the header stands: seconds, or a date. */
export interface WireAnswer extends HttpAnswer {
  readonly retryAfter?: string;
}

/** @throws OutsideRefusal where the server is not the one whose CA we know; OutsideTrouble without a whole answer. */
export type Wire = (request: WireRequest) => Promise<WireAnswer>;

const LARGEST_BODY_BYTES = 32 * 1024 * 1024;

/**
 * HTTPS to one host, which is fixed here; no path that is asked later can leave it. Who answers must have a certificate
 * of the cluster's own CA: no other CA counts, so no list of addresses is needed as it is for URLs out of files.
 * @param ca PEM in base64, as EKS and kubeconfigs have it. @throws BadInput
 */
export function wireTo(endpoint: string, ca: string): Wire {
  const base = endpointChecked(endpoint);
  const agent = new Agent({ keepAlive: true });
  const tls = { ca: caChecked(ca), rejectUnauthorized: true };
  return async ({ method, path, headers, body = '', timeoutMs, largestBytes = LARGEST_BODY_BYTES }) => {
    const signal = AbortSignal.timeout(timeoutMs);
    // A kept connection may be dead by the time it is used: a GET is asked again, a PATCH gets a new one.
    const options = { ...tls, method, headers, signal, agent: method === 'GET' ? agent : false };
    try {
      const answer = await sent(new URL(base + path), options, body);
      return { ...headOf(answer), text: await textOf(answer, largestBytes) };
    } catch (error) {
      throw unreached(base, error, signal.aborted ? `no whole answer in ${timeoutMs} ms` : undefined);
    }
  };
}

/** An endpoint may have a path, as behind a proxy for many clusters. */
function endpointChecked(endpoint: string): string {
  const url = URL.parse(endpoint);
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain && url.protocol === 'https:') return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  const said = `"${printable(endpoint).slice(0, 80)}"`;
  throw new BadInput(
    `Cannot use ${said} as endpoint of a cluster: expected https://host without user or query`,
  );
}

function caChecked(ca: string): string {
  if (ca === NO_CLUSTER.ca)
    throw new BadInput('Cannot reach the cluster: none is up; run: npm run local -- up --with cluster');
  const pem = Buffer.from(ca, 'base64').toString('utf8');
  try {
    return new X509Certificate(pem) && pem;
  } catch (error) {
    const wanted = 'expected certificates in PEM, in base64';
    throw new BadInput(`Cannot use the CA of a cluster: ${wanted}`, { cause: error });
  }
}

const sent = (url: URL, options: RequestOptions, body: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request(url, options, resolve).on('error', reject).end(body);
  });

function headOf({ statusCode = 0, headers }: IncomingMessage): Omit<WireAnswer, 'text'> {
  const retryAfter = headers['retry-after'];
  return {
    status: statusCode,
    contentType: headers['content-type'] ?? '',
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

async function textOf(answer: IncomingMessage, largestBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBytes) throw new Error(`more than ${largestBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** OpenSSL's words for a certificate that does not hold, by https://nodejs.org/api/tls.html "X509 certificate error codes". */
const CERTIFICATE = /CERT|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH/;

function unreached(base: string, error: unknown, late: string | undefined): Error {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (CERTIFICATE.test(code)) {
    const why = `its certificate is not one of the cluster's CA for this host (${code})`;
    return new OutsideRefusal(`Cannot trust ${shown(base)}: ${why}`, { cause: error });
  }
  return new OutsideTrouble(`Cannot reach ${shown(base)}: ${late ?? sentenceOf(error)}`, { cause: error });
}
