import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { redacted } from '../../lib/core/redact.ts';

// Put together here, so that no scanner takes them for real ones.
const AWS_KEY = 'AKIAIOSFODNN7EXAMPLE';
const JWT = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJhbm4ifQ', 'c2lnbmF0dXJl-x_'].join('.');
const GITHUB = `ghp_${'a1B2'.repeat(9)}`;
const SLACK = `xoxb-${'12345678-'.repeat(3)}abcd`;
const PEM = (kind: string) => [`-----BEGIN ${kind}-----`, 'MIIEpAIBAAKCAQEA', `-----END ${kind}-----`];

describe('F55: redacted takes out', () => {
  it.each([
    ['an access key of AWS', `key ${AWS_KEY} is unknown`, 'key [redacted] is unknown'],
    ['a temporary one', `${AWS_KEY.replace('AKIA', 'ASIA')}.`, '[redacted].'],
    ['a JWT', `signed in as ${JWT}, refused`, 'signed in as [redacted], refused'],
    ['a JWT that was cut off', `as ${JWT.slice(0, 30)}`, 'as [redacted]'],
    ['a token of GitHub', `remote: ${GITHUB}\n`, 'remote: [redacted]\n'],
    ['a fine-grained token of GitHub', `github_pat_${'a1'.repeat(11)}_b`, '[redacted]'],
    ['a token of GitLab', `glpat-${'a1'.repeat(10)}`, '[redacted]'],
    ['an app-level token of Slack', `xapp-1-${'A1'.repeat(8)}`, '[redacted]'],
    ['a token of Slack', `("${SLACK}")`, '("[redacted]")'],
    [
      'a webhook of Slack',
      'POST https://hooks.slack.com/services/T0/B0/x1y2',
      'POST https://hooks.slack.com/services/[redacted]',
    ],
    [
      'an integration of PagerDuty',
      'https://events.pagerduty.com/integration/0a1b/enqueue',
      'https://events.pagerduty.com/integration/[redacted]',
    ],
    [
      'user and password of a URL',
      'clone https://ann:hunter2@git.example/a?b',
      'clone https://[redacted]@git.example/a?b',
    ],
    ['a password with @ in a URL', 'redis://:hunt@er2@cache:6379/0', 'redis://[redacted]@cache:6379/0'],
    ['a token as the user of a URL', 'https://hunter2@git.example', 'https://[redacted]@git.example'],
    ['a private key', ['a', ...PEM('RSA PRIVATE KEY'), 'b'].join('\n'), 'a\n[redacted]\nb'],
    ['a private key on one line', `"${PEM('PRIVATE KEY').join(String.raw`\n`)}"`, '"[redacted]"'],
    ['a private key whose end was cut off', PEM('EC PRIVATE KEY').slice(0, 2).join(' '), '[redacted]'],
    ['a key block of PGP', [...PEM('PGP PRIVATE KEY BLOCK'), 'b'].join('\n'), '[redacted]\nb'],
  ])('%s', (_, text, expected) => {
    expect(redacted(text)).toBe(expected);
  });

  it.each([
    ['in a command', 'run --password=hunter2 --all', 'run --password=[redacted] --all'],
    ['in the environment', 'MLFLOW_TRACKING_PASSWORD=hunter2', 'MLFLOW_TRACKING_PASSWORD=[redacted]'],
    ['of AWS', 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+b', 'aws_secret_access_key = [redacted]'],
    [
      'of AWS, in its own words',
      '{"SecretAccessKey":"wJalr/+","x":1}',
      '{"SecretAccessKey":"[redacted]","x":1}',
    ],
    [
      'of AWS, in a URL',
      '?X-Amz-Security-Token=Fwo%2B&X-Amz-Signature=0a1b&b=1',
      '?X-Amz-Security-Token=[redacted]&X-Amz-Signature=[redacted]&b=1',
    ],
    ['in a URL', 'GET /a?api_key=hunter2&b=1', 'GET /a?api_key=[redacted]&b=1'],
    ['in a URL in a URL', 'next=%2Fa%3Ftoken%3Dhunter2', 'next=%2Fa%3Ftoken%3D[redacted]'],
    ['in a sentence', 'Wrong password: hunter2, ask again', 'Wrong password: [redacted], ask again'],
    ['in brackets', '(token=hunter2).', '(token=[redacted]).'],
    ['in YAML', 'client_secret:      hunter2', 'client_secret:      [redacted]'],
    ['in a header', 'x-api-key: hunter2', 'x-api-key: [redacted]'],
    ['in JSON', '{"routing_key": "hunter2", "a": 1}', '{"routing_key": "[redacted]", "a": 1}'],
    ['in JSON, as a number', '{"password": 123456}', '{"password": [redacted]}'],
    [
      'in JSON, with a quote in it',
      String.raw`{"password":"hun\"ter2","a":1}`,
      '{"password":"[redacted]","a":1}',
    ],
    [
      'in JSON inside of JSON',
      String.raw`{"a":"{\"token\":\"hun\\\"ter2\"}"}`,
      String.raw`{"a":"{\"token\":\"[redacted]\"}"}`,
    ],
    ['in JSON that was cut off', '{"password":"hunter', '{"password":"[redacted]"'],
    ['in Python', "{'token': 'hunter2', 'a': b'c'}", "{'token': '[redacted]', 'a': b'c'}"],
    ['in Python, as bytes', "{'secret': b'hunter2'}", "{'secret': b'[redacted]'}"],
    ['in Ruby', '{:token=>"hunter2"}', '{:token=>"[redacted]"}'],
    ['in Go', 'pwd:=hunter2', 'pwd:=[redacted]'],
    ['behind what was redacted', 'password=[redacted]hunter2', 'password=[redacted]'],
  ])('a value by its name %s', (_, text, expected) => {
    expect(redacted(text)).toBe(expected);
  });

  const NAMES = [
    ...[
      'password',
      'passwd',
      'passphrase',
      'PWD',
      'secret',
      'client_secret',
      'token',
      'sessionToken',
      'apiKey',
    ],
    ...['api-key', 'access_key', 'secret_key', 'private_key', 'AccountKey', 'routing_key', 'integration_key'],
    ...['X-Amz-Signature', 'x-amz-security-token', 'Authorization'],
  ];

  it.each(NAMES)('the value of %s', (name) => {
    expect(redacted(`${name}=hunter2`)).toBe(`${name}=[redacted]`);
    expect(redacted(`${name}: hunter2`)).toBe(`${name}: [redacted]`);
    expect(redacted(JSON.stringify({ [name]: 'hunter2' }))).toBe(JSON.stringify({ [name]: '[redacted]' }));
  });

  it.each([
    ['Authorization: Basic YW5uOmh1bnRlcjI=', 'Authorization: [redacted]'],
    ['authorization: bearer hunter2', 'authorization: [redacted]'],
    ['-H "Authorization: Token hunter2"', '-H "Authorization: [redacted]"'],
    ['{"Authorization":"Basic YW5uOmh1bnRlcjI="}', '{"Authorization":"[redacted]"}'],
    ['sent Basic YW5uOmh1bnRlcjI=, got 401', 'sent Basic [redacted], got 401'],
    ['sent Bearer hunter2hunter2', 'sent Bearer [redacted]'],
    ['sent Bearer  hunterHunter', 'sent Bearer  [redacted]'],
    ['sent BASIC YWJjOmRlZmdo', 'sent BASIC [redacted]'],
    ['Signature=0123456789abcdef0123-and-more', 'Signature=[redacted]'],
    [
      `Authorization: AWS4-HMAC-SHA256 Credential=${AWS_KEY}/20261121/eu-west-1/ssm/aws4_request, SignedHeaders=host, Signature=${'0a'.repeat(32)}`,
      'Authorization: [redacted], SignedHeaders=host, Signature=[redacted]',
    ],
  ])('the credentials of %s', (text, expected) => {
    expect(redacted(text)).toBe(expected);
  });

  const around = fc.string({ maxLength: 8 });
  const secret = fc.stringMatching(/^[A-Za-z0-9/+]{12,40}$/);
  const form = fc.constantFrom<(secret: string) => string>(
    (s) => `password=${s}`,
    (s) => `PASSWORD = ${s}`,
    (s) => JSON.stringify({ password: s }),
    (s) => JSON.stringify(JSON.stringify({ token: s })),
    (s) => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ token: s }) }) }),
    (s) => `{'api_key': '${s}'}`,
    (s) => `X-Amz-Security-Token: ${s}`,
    (s) => `Authorization: Bearer ${s}`,
    (s) => `https://user:${encodeURIComponent(s)}@host/`,
    (s) => `https://host/?token=${s}`,
  );

  it('what stands in any of these forms, whatever stands around it', () => {
    fc.assert(
      fc.property(form, secret, fc.tuple(around, around), (put, value, [before, after]) => {
        const text = redacted(`${before} ${put(value)} ${after}`);

        return !text.includes(value) && !text.includes(encodeURIComponent(value));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('redacted', () => {
  const shard = fc.constantFrom(
    ...[
      'token',
      'password',
      'authorization',
      'api_key',
      '=',
      ':',
      ': ',
      '=>',
      ':=',
      '%3D',
      '"',
      "'",
      '\\',
      '\\"',
    ],
    ...[
      '[redacted]',
      '[',
      'redacted',
      ']',
      '://',
      '@',
      '/',
      'arn:',
      ' ',
      '\n',
      ',',
      '.',
      ';',
      '&',
      '1234',
      '-',
      '_',
    ],
    ...[
      AWS_KEY,
      JWT,
      GITHUB,
      SLACK,
      'eyJ',
      'Basic ',
      'Bearer ',
      'YW5uOmh1bnRlcjI=',
      'signature=',
      '0a'.repeat(9),
    ],
    ...[
      '-----BEGIN PRIVATE KEY-----',
      '-----END PRIVATE KEY-----',
      'hooks.slack.com/services/',
      'realm=',
      'git@',
    ],
  );
  const debris = fc
    .array(fc.oneof(shard, fc.string({ maxLength: 3 })), { maxLength: 14 })
    .map((shards) => shards.join(''));

  it('changes nothing when it is done again', () => {
    fc.assert(
      fc.property(debris, (text) => {
        const once = redacted(text);

        expect(redacted(once)).toBe(once);
      }),
      { numRuns: 5000 },
    );
  });
});
