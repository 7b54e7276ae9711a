import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Credentials, eksBearer } from '../../../lib/adapters/kubernetes/token.ts';
import { memoryClock } from '../../../lib/adapters/memory/clock.ts';

const MINUTE = 60_000;
const AT = Date.parse('2026-11-21T10:20:30Z');
const credentials: Credentials = async () => ({
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'example-secret',
  sessionToken: 'session+/=',
});

function bearerAt(props: Partial<Parameters<typeof eksBearer>[0]> = {}) {
  const clock = memoryClock(AT);
  return { clock, bearer: eksBearer({ eks: 'ml-prod', region: 'eu-west-1', clock, credentials, ...props }) };
}

const urlIn = (token: string): URL =>
  new URL(Buffer.from(token.replace(/^k8s-aws-v1\./, ''), 'base64url').toString('utf8'));

describe('eksBearer makes the token that aws-iam-authenticator takes', () => {
  it.each(['s', 'ss', 'sss'])(
    'has its prefix, and base64 for URLs without padding: %s',
    async (sessionToken) => {
      const { bearer } = bearerAt({
        credentials: async () => ({
          accessKeyId: 'AKIDEXAMPLE',
          secretAccessKey: 'example-secret',
          sessionToken,
        }),
      });

      expect(await bearer.token(false)).toMatch(/^k8s-aws-v1\.[A-Za-z0-9_-]+$/);
    },
  );

  it('is a presigned GetCallerIdentity of the STS of its region, with no other key in its query', async () => {
    const { origin, pathname, searchParams } = urlIn(await bearerAt().bearer.token(false));

    expect(`${origin}${pathname}`).toBe('https://sts.eu-west-1.amazonaws.com/');
    expect([...searchParams]).toEqual([
      ['Action', 'GetCallerIdentity'],
      ['Version', '2011-06-15'],
      ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
      ['X-Amz-Credential', 'AKIDEXAMPLE/20261121/eu-west-1/sts/aws4_request'],
      ['X-Amz-Date', '20261121T102030Z'],
      ['X-Amz-Expires', '60'],
      ['X-Amz-Security-Token', 'session+/='],
      ['X-Amz-Signature', expect.stringMatching(/^[0-9a-f]{64}$/)],
      ['X-Amz-SignedHeaders', 'host;x-k8s-aws-id'],
    ]);
  });

  it('is signed as STS checks it, with the name of the cluster among the signed headers', async () => {
    const url = urlIn(await bearerAt().bearer.token(false));

    expect(url.searchParams.get('X-Amz-Signature')).toBe(signatureOf(url, 'ml-prod'));
    expect(url.searchParams.get('X-Amz-Signature')).not.toBe(signatureOf(url, 'other'));
  });

  it('has no session token where the credentials have none', async () => {
    const lasting = async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-secret' });
    const { bearer } = bearerAt({ credentials: lasting });

    expect(urlIn(await bearer.token(false)).searchParams.has('X-Amz-Security-Token')).toBe(false);
  });

  it('names the STS of China by its own domain', async () => {
    const { bearer } = bearerAt({ region: 'cn-north-1' });

    expect(urlIn(await bearer.token(false)).host).toBe('sts.cn-north-1.amazonaws.com.cn');
  });
});

describe('F27: a token lives 15 minutes', () => {
  it('is used again for 13 minutes, then made anew', async () => {
    const { bearer, clock } = bearerAt();
    const first = await bearer.token(false);

    clock.advance(13 * MINUTE - 1);
    expect(await bearer.token(false)).toBe(first);

    clock.advance(1);
    expect(urlIn(await bearer.token(false)).searchParams.get('X-Amz-Date')).toBe('20261121T103330Z');
  });

  it('is made anew when it was refused, and when the clock was set back (F60)', async () => {
    const { bearer, clock } = bearerAt();
    await bearer.token(false);

    clock.advance(1000);
    expect(urlIn(await bearer.token(true)).searchParams.get('X-Amz-Date')).toBe('20261121T102031Z');

    clock.advance(-2000);
    expect(urlIn(await bearer.token(false)).searchParams.get('X-Amz-Date')).toBe('20261121T102029Z');
  });

  it('asks for the credentials each time: they change too', async () => {
    const keys = ['AKIDONE', 'AKIDTWO'];
    const changing: Credentials = async () => ({ accessKeyId: keys.shift() ?? '', secretAccessKey: 's' });
    const { bearer } = bearerAt({ credentials: changing });
    const keyOf = (token: string) => urlIn(token).searchParams.get('X-Amz-Credential')?.split('/')[0];

    expect(keyOf(await bearer.token(false))).toBe('AKIDONE');
    expect(keyOf(await bearer.token(true))).toBe('AKIDTWO');
  });
});

describe('eksBearer', () => {
  it('takes credentials that cannot be had for trouble', async () => {
    const { bearer } = bearerAt({
      credentials: async () => {
        throw new Error('Could not load credentials from any providers');
      },
    });

    await expect(bearer.token(false)).rejects.toMatchObject({
      name: 'OutsideTrouble',
      message: expect.stringMatching(
        /^Cannot make a token for EKS cluster "ml-prod": Could not load credentials/,
      ),
    });
  });

  it.each(['-x', 'a b', '../x', 'a;b', 'a\nx-evil: 1', '', 'a'.repeat(101)])(
    'F38: refuses the cluster name %j',
    (eks) => {
      expect(() => bearerAt({ eks })).toThrow(/^Cannot use ".*" as EKS cluster: expected 1 to 100 letters/);
    },
  );
});

/** Signature Version 4 of a GET without a body, once more, from AWS's description of it. */
function signatureOf(url: URL, cluster: string): string {
  const escaped = (text: string) => encodeURIComponent(text);
  const query = [...url.searchParams]
    .filter(([key]) => key !== 'X-Amz-Signature')
    .map(([key, value]) => `${escaped(key)}=${escaped(value)}`)
    .join('&');
  const headers = `host:${url.host}\nx-k8s-aws-id:${cluster}\n`;
  const canonical = ['GET', '/', query, headers, 'host;x-k8s-aws-id', sha256('')].join('\n');
  const [, day = '', region = '', service = '', end = ''] =
    url.searchParams.get('X-Amz-Credential')?.split('/') ?? [];
  const scope = [day, region, service, end].join('/');
  const text = ['AWS4-HMAC-SHA256', url.searchParams.get('X-Amz-Date'), scope, sha256(canonical)].join('\n');
  const key = [day, region, service, end].reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    'AWS4example-secret',
  );
  return createHmac('sha256', key).update(text).digest('hex');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
