/**
 * A local STS, run inside the node: answers presigned GetCallerIdentity for the identities of a file, after checking
 * their SigV4 signature as AWS does. In front of it a proxy that leads `sts.<region>.amazonaws.com` here, so that the
 * unchanged aws-iam-authenticator finds it.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createProxy } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Identities, Identity } from './iam.ts';

export const STS_PORT = 19443;
export const STS_PROXY_PORT = 19080;

/** A token of EKS is good for 15 minutes, whatever X-Amz-Expires says. */
const LIFETIME_MS = 15 * 60_000;

interface Asked {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The identity that signed, or the code of the error that STS would give. */
export function callerOf(asked: Asked, identities: Identities, now: Date): Identity | string {
  const query = asked.url.searchParams;
  const [accessKeyId = '', ...scope] = (query.get('X-Amz-Credential') ?? '').split('/');
  const identity = identities[accessKeyId];
  if (!identity) return 'InvalidClientTokenId';
  if (query.get('Action') !== 'GetCallerIdentity') return 'InvalidAction';
  const right = Buffer.from(signature(asked, scope, identity.secretAccessKey));
  const given = Buffer.from(query.get('X-Amz-Signature') ?? '');
  if (right.length !== given.length || !timingSafeEqual(right, given)) return 'SignatureDoesNotMatch';
  return ageMs(query.get('X-Amz-Date') ?? '', now) <= LIFETIME_MS ? identity : 'ExpiredToken';
}

/** Signature version 4 of a presigned GET, as the AWS documentation spells it out. */
function signature({ url, headers }: Asked, scope: readonly string[], secret: string): string {
  const signed = (url.searchParams.get('X-Amz-SignedHeaders') ?? '').split(';');
  const canonical = [
    'GET',
    url.pathname,
    canonicalQuery(url.searchParams),
    ...signed.map((name) => `${name}:${String(headers[name] ?? '').trim()}`),
    '',
    signed.join(';'),
    sha256(''),
  ].join('\n');
  const date = url.searchParams.get('X-Amz-Date') ?? '';
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>((so, part) => hmac(so, part), `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
}

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort((a, b) => (a < b ? -1 : 1))
    .join('&');

const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** From `20261121T120000Z`. A date that is none is infinitely old. */
function ageMs(date: string, now: Date): number {
  const iso = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const at = Date.parse(iso);
  return Number.isNaN(at) ? Number.POSITIVE_INFINITY : now.getTime() - at;
}

/** Reads the identities again for every question: a new one counts at once. */
function startSts(files: { identities: string; certificate: string; key: string }): Server {
  const tls = { cert: readFileSync(files.certificate), key: readFileSync(files.key) };
  return createServer(tls, (request, response) => {
    const url = new URL(request.url ?? '/', `https://${request.headers.host}`);
    if (url.pathname === '/healthz') return response.end();
    const identities = JSON.parse(readFileSync(files.identities, 'utf8')) as Identities;
    const caller = callerOf({ url, headers: request.headers }, identities, new Date());
    response.statusCode = typeof caller === 'string' ? 403 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(typeof caller === 'string' ? { Error: { Code: caller } } : answer(caller)));
    console.log(
      new Date().toISOString(),
      response.statusCode,
      typeof caller === 'string' ? caller : caller.arn,
    );
    return undefined;
  }).listen(STS_PORT, '127.0.0.1');
}

const answer = ({ arn, userId }: Identity) => ({
  GetCallerIdentityResponse: {
    GetCallerIdentityResult: { Account: arn.split(':')[4], Arn: arn, UserId: userId },
    ResponseMetadata: { RequestId: '00000000-0000-0000-0000-000000000000' },
  },
});

function startProxy(sts: Server): void {
  createProxy()
    .on('connect', (request, socket) => {
      if (!/^sts\.[a-z0-9.-]*amazonaws\.com:443$/.test(request.url ?? ''))
        return socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      return sts.emit('connection', socket);
    })
    .listen(STS_PROXY_PORT, '127.0.0.1');
}

if (process.argv[1] === import.meta.filename) {
  const [identities = '', certificate = '', key = ''] = process.argv.slice(2);
  startProxy(startSts({ identities, certificate, key }));
}
