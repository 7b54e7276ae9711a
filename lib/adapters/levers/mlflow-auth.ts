import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { signInFrom } from '../sign-in.ts';

/** The header that signs in to MLflow, from a secret that is read at use and told to nobody. */
export async function authorization(
  secrets: SecretsManagerClient | undefined,
  arn: string | undefined,
): Promise<Record<string, string>> {
  if (arn === undefined) return {};
  const found = await signInFrom(secrets, arn);
  if ('token' in found) return { authorization: `Bearer ${found.token}` };
  return { authorization: `Basic ${btoa(`${found.username}:${found.password}`)}` };
}
