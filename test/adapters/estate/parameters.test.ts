import type { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from '@jest/globals';
import { listParameters } from '../../../lib/adapters/estate/parameters.ts';
import { parameterOf } from '../../../lib/adapters/estate/switches.ts';
import { environment } from '../../cli/desk.ts';
import { stubClient } from '../stub-client.ts';

describe('parameters of an estate', () => {
  it('are read without decryption, below a path, page after page up to a bound', async () => {
    const { client, sent } = stubClient<SSMClient>({
      Parameters: [{ Name: '/shop/flag', Type: 'String', Value: 'true' }],
      NextToken: 'again',
    });

    const { items, more } = await listParameters(client, environment, '/shop');

    expect([items.length, more, sent.length]).toEqual([100, true, 100]);
    expect(sent[0]?.input).toMatchObject({ Path: '/shop', Recursive: true, WithDecryption: false });
  });

  it('of another account are not used', async () => {
    const ARN = 'arn:aws:ssm:us-east-1:999900001111:parameter/shop/flag';
    const { client } = stubClient<SSMClient>({ Parameters: [{ Name: '/shop/flag', ARN }] });

    await expect(listParameters(client, environment, '/shop')).rejects.toThrow(/in account 999900001111/);
  });
});

describe('a parameter', () => {
  it.each([
    ['true', 'false'],
    ['FALSE', 'FALSE'],
    ['True', 'False'],
    ['on', 'off'],
    ['Enabled', 'Disabled'],
    ['1', '0'],
  ])('that holds %s is a switch, and %s turns it off', (value, off) => {
    expect(parameterOf('/shop/flag', 'String', value)).toEqual({ kind: 'switch', name: '/shop/flag', off });
  });

  it.each(['v1', '', '0.5', 'true,false', '{"on":true}'])('that holds %j is a text', (value) => {
    expect(parameterOf('/shop/flag', 'String', value)).toEqual({ kind: 'text', name: '/shop/flag' });
  });

  it.each([
    '/shop/db-password',
    '/shop/dbPassword',
    '/shop/API_KEY',
    '/shop/apiKey',
    '/shop/key',
    '/shop/token/github',
    '/shop/clientSecret',
    '/shop/credentials',
    '/shop/private.pem',
    '/shop/passwd',
  ])('F55: named %s is a secret, even where it holds true', (name) => {
    expect(parameterOf(name, 'String', 'true')).toEqual({ kind: 'secret', name });
  });

  it.each(['/shop/keyboard-layout', '/shop/monkey', '/shop/new-features'])('named %s is none', (name) => {
    expect(parameterOf(name, 'String', 'true').kind).toBe('switch');
  });

  it('that is encrypted is a secret, and a list is no switch', () => {
    expect(parameterOf('/shop/flag', 'SecureString', 'true').kind).toBe('secret');
    expect(parameterOf('/shop/flag', 'StringList', 'true').kind).toBe('text');
  });
});
