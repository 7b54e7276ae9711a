import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { GitHost } from '../../core/service.ts';
import { signInFrom } from '../sign-in.ts';

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
  const found = await signInFrom(secrets, arn);
  if ('token' in found) return signedBy(host, TOKEN_USERS[host], found.token);
  return signedBy(host, found.username, found.password);
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
