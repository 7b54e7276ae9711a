import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsError, stubClient } from '../stub-client.ts';

export const TOKEN = 'xoxb-0000-a-token-of-a-test';
export const ROUTING_KEY = '0123456789abcdef0123456789abcdef';
export const API_TOKEN = 'u+a-token-of-a-test';

const arnOf = (name: string) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}-AbCdEf`;
export const SLACK_SECRET = arnOf('slack');
export const PAGERDUTY_SECRET = arnOf('pagerduty');
/** Its text is no JSON. */
export const SPOILT_SECRET = arnOf('spoilt');

const TEXTS: Readonly<Record<string, string>> = {
  [SLACK_SECRET]: JSON.stringify({ token: TOKEN }),
  [PAGERDUTY_SECRET]: JSON.stringify({ routing_key: ROUTING_KEY, api_token: API_TOKEN }),
  [SPOILT_SECRET]: TOKEN,
};

/** Secrets Manager with these three. */
export const someSecrets = () =>
  stubClient<SecretsManagerClient>(({ SecretId }) => {
    const SecretString = TEXTS[String(SecretId)];
    return SecretString === undefined ? awsError('ResourceNotFoundException', 400) : { SecretString };
  });
