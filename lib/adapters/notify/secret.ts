import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import type { CallEntry } from '../../core/service.ts';
import { asking } from '../aws-errors.ts';
import type { Bound } from './bound.ts';

/** Nothing that would end a header, and nothing that is certainly no key. */
const KEY = /^[\x21-\x7e]{8,400}$/;

/** What stands in the secret of a channel, and how to take it out of what the other side said. */
export interface ChannelSecret<Key extends string> {
  /** @throws OutsideRefusal when it is not there. */
  get(key: Key): string;
  find(key: Key): string | undefined;
  readonly hide: (text: string) => string;
}

/** Read at use and told to nobody. @throws OutsideRefusal, OutsideTrouble */
export async function secretOf<Key extends string>(
  secrets: Pick<SecretsManagerClient, 'send'>,
  { kind, to, secret: arn }: CallEntry,
  bound: Bound,
): Promise<ChannelSecret<Key>> {
  if (arn === undefined) throw new OutsideRefusal(`Cannot call ${kind} "${to}": no secret is named`);
  const command = new GetSecretValueCommand({ SecretId: arn });
  const { SecretString = '' } = await asking(`read secret "${arn}"`, () =>
    secrets.send(command, { abortSignal: bound.signal }),
  );
  const found = textsIn(arn, SecretString);
  return {
    find: (key) => found[key],
    get: (key) => {
      const value = found[key];
      if (value === undefined || !KEY.test(value)) throw unusable(arn, key);
      return value;
    },
    hide: (text) =>
      Object.values(found).reduce<string>(
        (rest, value) => (value ? rest.replaceAll(value, '[redacted]') : rest),
        text,
      ),
  };
}

/** Never with a cause or a quotation: both would carry the secret. */
const unusable = (arn: string, key: string) =>
  new OutsideRefusal(
    `Cannot use secret "${arn}": expected {"${key}"}, a text of 8 to 400 visible characters`,
  );

function textsIn(arn: string, text: string): Record<string, string | undefined> {
  try {
    const json: unknown = JSON.parse(text);
    const entries = typeof json === 'object' && json !== null ? Object.entries(json) : [];
    return Object.fromEntries(entries.filter(([, value]) => typeof value === 'string'));
  } catch {
    throw new OutsideRefusal(`Cannot use secret "${arn}": it is not JSON`);
  }
}

/** Whatever a channel threw, without its secret. */
export function withoutSecret(error: unknown, hide: (text: string) => string): Error {
  const said = hide(error instanceof Error ? error.message : String(error));
  return error instanceof OutsideRefusal ? new OutsideRefusal(said) : new OutsideTrouble(said);
}
