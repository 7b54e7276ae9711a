import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { OutsideRefusal } from '../../core/errors.ts';
import type { GitHost } from '../../core/service.ts';
import { asking } from '../aws-errors.ts';

/** Either; a token that comes with a name is a password. */
const secretText = z.object({
  username: z.optional(z.string()),
  password: z.optional(z.string()),
  token: z.optional(z.string()),
});

export interface Credentials {
  /** Sign in to the repository, and to the host's API. Empty: nobody. */
  readonly git: Readonly<Record<string, string>>;
  readonly api: Readonly<Record<string, string>>;
  /** Takes them out of what a server said. */
  readonly hide: (text: string) => string;
}

export const NOBODY: Credentials = { git: {}, api: {}, hide: (text) => text };

/** Read at use and told to nobody. @throws OutsideRefusal, OutsideTrouble */
export async function credentialsIn(
  secrets: SecretsManagerClient | undefined,
  arn: string | undefined,
  host: GitHost,
): Promise<Credentials> {
  if (arn === undefined) return NOBODY;
  if (!secrets)
    throw new OutsideRefusal(`Cannot read secret "${arn}": this function has no access to secrets`);
  const command = new GetSecretValueCommand({ SecretId: arn });
  const { SecretString = '' } = await asking(`read secret "${arn}"`, () => secrets.send(command));
  const { username, password, token } = parsed(arn, SecretString);
  if (username && password) return signedBy(host, username, password);
  if (token) return signedBy(host, TOKEN_USERS[host], token);
  throw unusable(arn);
}

/** Under which name a token is a password: GitHub Apps and GitLab want theirs, the others take any. */
const TOKEN_USERS: Record<GitHost, string> = {
  gitea: 'x-access-token',
  github: 'x-access-token',
  gitlab: 'oauth2',
  plain: 'x-access-token',
};

function signedBy(host: GitHost, username: string, password: string): Credentials {
  const basic = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  const git = { authorization: `Basic ${basic}` };
  const api = host === 'gitea' || host === 'plain' ? git : { authorization: `Bearer ${password}` };
  const hide = (text: string) =>
    [basic, password].reduce((rest, one) => rest.replaceAll(one, '[redacted]'), text);
  return { git, api, hide };
}

/** Never with a cause or a quotation: both would carry the secret. */
const unusable = (arn: string) =>
  new OutsideRefusal(
    `Cannot use secret "${arn}": expected {"username", "password"} or {"token"}, texts that are not empty`,
  );

function parsed(arn: string, text: string): z.infer<typeof secretText> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw unusable(arn);
  }
  const result = z.safeParse(secretText, json);
  if (!result.success) throw unusable(arn);
  return result.data;
}
