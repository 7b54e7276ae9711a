import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { OutsideRefusal } from '../../core/errors.ts';
import { asking } from '../aws-errors.ts';

/** Either pair; MLflow's own client prefers user and password where both are there. */
const secretText = z.object({
  username: z.optional(z.string()),
  password: z.optional(z.string()),
  token: z.optional(z.string()),
});

/** The header that signs in to MLflow, from a secret that is read at use and told to nobody. */
export async function authorization(
  secrets: SecretsManagerClient | undefined,
  arn: string | undefined,
): Promise<Record<string, string>> {
  if (arn === undefined) return {};
  if (!secrets)
    throw new OutsideRefusal(`Cannot read secret "${arn}": this function has no access to secrets`);
  const command = new GetSecretValueCommand({ SecretId: arn });
  const { SecretString = '' } = await asking(`read secret "${arn}"`, () => secrets.send(command));
  const { username, password, token } = parsed(arn, SecretString);
  if (username && password) return { authorization: `Basic ${btoa(`${username}:${password}`)}` };
  if (token) return { authorization: `Bearer ${token}` };
  throw unusable(arn);
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
