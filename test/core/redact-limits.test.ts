import { describe, expect, it } from '@jest/globals';
import { redacted } from '../../lib/core/redact.ts';
import { cpuMs } from '../cpu-time.ts';

describe('F55: redacted leaves alone', () => {
  it.each([
    'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:reinstate-prod-recommender-error-ratio',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:mlflow-token-AbCdEf',
    'Cannot read secret "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mlflow-AbCdEf": AccessDenied: no',
    '{"secret": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:mlflow-AbCdEf"}',
    'secret=arn:aws:secretsmanager:eu-west-1:111122223333:secret:mlflow-AbCdEf',
    'Cannot read parameter "/shop/db-password": ParameterNotFound: no such parameter',
    'Cannot read parameter /shop/db-password: ParameterNotFound',
    'arn:aws:ssm:eu-west-1:111122223333:parameter/shop/token: AccessDeniedException',
    'environments/prod/environment.yaml:3:16: Cannot read "token": it is unknown; expected one of url, secret',
    'registry.example/api-token:1.2.3 answered 404',
    'sha512-abcAKIAIOSFODNN7EXAMPLEabc==',
    `sha256:${'0123456789abcdef'.repeat(4)}`,
    `model version 4 of run ${'0123456789abcdef'.repeat(2)}`,
    'commit 503fbbe0123456789abcdef0123456789abcdef0 is signed',
    'incident recommender-20261121T090403-1a2b3c4d ended escalated',
    'arn:aws:states:eu-west-1:111122223333:execution:reinstate-prod:recommender-takeover-1',
    'ExpiredTokenException: The security token included in the request is expired',
    'the signature we calculated does not match the signature you provided',
    'failed to enforce the model signature: inputs differ',
    'score(signature=added, x=1)',
    `Unexpected token '<', "<!DOCTYPE "... is not valid JSON`,
    'it wants a sign-in; name a secret with user and password, or a token, in the environment',
    'MLflow answered 401 "WWW-Authenticate: Basic realm=mlflow"',
    'basic authentication is off; bearer tokens are refused',
    'max_tokens=100, tokenizer: bert, token_count=5, secretary: Bob',
    'npm 10.2.1, v24.21.0, 2026-11-21T09:04:00.120+0000, 10.0.0.1:8080',
    'models:/recommender@champion and ssh://git@github.com/a/b.git, mail ann@example.com',
    'https://mlflow.example/api/2.0/mlflow/registered-models/alias?name=recommender&alias=champion',
    'Threshold Crossed: 3 out of the last 5 datapoints [0.31 (21/11/26 09:03:40)] were greater than (0.05)',
    'Störung 障害 🔥',
  ])('%s', (text) => {
    expect(redacted(text)).toBe(text);
  });
});

describe('redacted', () => {
  it.each([
    ...[
      'a',
      ' ',
      '=',
      '"',
      '\\',
      '/',
      'token',
      'token ',
      'token=',
      'token:',
      'token="',
      "token='",
      'token=\\"',
    ],
    ...[
      'token=,',
      'token: ',
      '/token: ',
      'arn:token: ',
      '"token": "',
      'authorization: ',
      'authorization: basic ',
    ],
    ...[
      '://',
      '://a',
      '://a@',
      'AKIA',
      'AKIAIOSFODNN7EXAMPLE',
      'eyJ',
      'eyJaaaaaaaa.',
      'xoxb-',
      'ghp_',
      'Basic ',
      'Basic a',
      'Bearer',
    ],
    ...[
      'signature=',
      'signature=0',
      '-----BEGIN ',
      '-----BEGIN PRIVATE KEY-----',
      'hooks.slack.com/services/a',
    ],
  ])('takes no more than linear time for a megabyte of %j', (unit) => {
    const text = unit.repeat(Math.ceil((1024 * 1024) / unit.length));
    const before = cpuMs();

    redacted(text);

    // Some 50 ms; anything quadratic takes minutes.
    expect(cpuMs() - before).toBeLessThan(3000);
  });
});
