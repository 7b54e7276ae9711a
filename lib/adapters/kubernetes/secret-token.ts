import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { OutsideRefusal } from '../../core/errors.ts';
import { asking } from '../aws-errors.ts';
import type { Bearer } from './attempts.ts';

const secretText = z.object({ token: z.string().check(z.regex(/^[\x21-\x7e]+$/)) });

/** A token out of a secret, for clusters that are not EKS: read at first use, and again when it is refused. */
export function secretBearer(arn: string, secrets: SecretsManagerClient | undefined): Bearer {
  let read: string | undefined;
  return {
    who: `the token in secret "${arn}" is not, or no longer, one of this cluster's`,
    token: async (renewed) => {
      if (read === undefined || renewed) read = await tokenIn(arn, secrets);
      return read;
    },
  };
}

async function tokenIn(arn: string, secrets: SecretsManagerClient | undefined): Promise<string> {
  if (!secrets)
    throw new OutsideRefusal(`Cannot read secret "${arn}": this function has no access to secrets`);
  const command = new GetSecretValueCommand({ SecretId: arn });
  const { SecretString = '' } = await asking(`read secret "${arn}"`, () => secrets.send(command));
  return parsed(arn, SecretString);
}

/** Refused without a cause or a quotation: both would carry the secret. */
function parsed(arn: string, text: string): string {
  const json = jsonOrNothing(text);
  const { success, data } = z.safeParse(secretText, json);
  if (success) return data.token;
  throw new OutsideRefusal(`Cannot use secret "${arn}": expected {"token"}, a text without spaces`);
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
