/** The local STS decides as AWS does: the tokens come from the product's own signer. */
import { describe, expect, it } from '@jest/globals';
import { eksBearer } from '../../lib/adapters/kubernetes/token.ts';
import { callerOf } from '../../local/cluster/sts.ts';

const AT = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;
const known = {
  secretAccessKey: 'its secret',
  arn: 'arn:aws:sts::1:assumed-role/apply-rollout/x',
  userId: 'A:x',
};

async function asked(secretAccessKey = 'its secret', headers = { 'x-k8s-aws-id': 'shop' }) {
  const credentials = async () => ({ accessKeyId: 'AKIAKNOWN', secretAccessKey, sessionToken: 'a/b+c=' });
  const bearer = eksBearer({
    eks: 'shop',
    region: 'us-east-1',
    clock: { now: () => AT, sleep: async () => undefined },
    credentials,
  });
  const token = (await bearer.token(false)).replace('k8s-aws-v1.', '');
  const url = new URL(Buffer.from(token, 'base64url').toString());
  return { url, headers: { host: url.host, ...headers } };
}

describe('the local STS', () => {
  it('knows who signed a token', async () => {
    expect(callerOf(await asked(), { AKIAKNOWN: known }, new Date(AT))).toBe(known);
  });

  const stranger = { AKIAKNOWN: { ...known, secretAccessKey: 'other' } };
  it.each([
    { code: 'InvalidClientTokenId', who: 'nobody', identities: {}, later: 0 },
    { code: 'SignatureDoesNotMatch', who: 'the wrong secret', identities: stranger, later: 0 },
    { code: 'ExpiredToken', who: 'an old token', identities: { AKIAKNOWN: known }, later: 16 * MINUTE },
  ])('answers $code to $who', async ({ code, identities, later }) => {
    expect(callerOf(await asked(), identities, new Date(AT + later))).toBe(code);
  });

  it('refuses a token that was signed for another cluster', async () => {
    const other = await asked('its secret', { 'x-k8s-aws-id': 'another' });
    expect(callerOf(other, { AKIAKNOWN: known }, new Date(AT))).toBe('SignatureDoesNotMatch');
  });
});
