import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { OutsideRefusal } from '../core/errors.ts';
import { asking } from './aws-errors.ts';

/** What a server that takes a name and a password, or a token, is signed in to with. */
export type SignIn = { readonly username: string; readonly password: string } | { readonly token: string };

const secretText = z.object({
  username: z.optional(z.string()),
  password: z.optional(z.string()),
  token: z.optional(z.string()),
});

/**
 * `{"username","password"}` or `{"token"}` of a secret; name and password where both are there, as MLflow's own client
 * has it. Read at use and told to nobody. @throws OutsideRefusal, OutsideTrouble
 */
export async function signInFrom(
  secrets: Pick<SecretsManagerClient, 'send'> | undefined,
  arn: string,
): Promise<SignIn> {
  if (!secrets)
    throw new OutsideRefusal(`Cannot read secret "${arn}": this function has no access to secrets`);
  const command = new GetSecretValueCommand({ SecretId: arn });
  const { SecretString = '' } = await asking(`read secret "${arn}"`, () => secrets.send(command));
  const { username, password, token } = parsed(arn, SecretString);
  if (username && password) return { username, password };
  if (token) return { token };
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
