import * as z from 'zod';
import { isWrong, type Wrong } from './problem.ts';
import { DURATION, secondsOf } from './units.ts';

/**
 * The building blocks of both file formats. Every message has the form `<what is wrong>; expected <what would be
 * right>`, which `explain` takes apart again.
 */
export const says = (message: string, expected: string): string => `${message}; expected ${expected}`;

/** A mapping with these keys and no others. */
export function mapping<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code }) =>
      code === 'unrecognized_keys'
        ? says('key is unknown', `one of ${keys}`)
        : says('not a mapping', `a mapping with the keys ${keys}`),
  });
}

/** A text of one form. */
export const text = (pattern: RegExp, message: string, expected: string) =>
  z.string({ error: says(message, expected) }).regex(pattern, { error: says(message, expected) });

/** One of some words. */
export const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, { error: says('word is unknown', `one of ${words.join(', ')}`) });

/** One of several mappings, told apart by their `kind`. */
export const kindError =
  (kinds: readonly string[], example: string) =>
  ({ code }: { readonly code?: string | undefined }) =>
    code === 'invalid_type'
      ? says('not a mapping', example)
      : says('kind is unknown', `one of ${kinds.join(', ')}`);

/** A text that a grammar reads; `pattern` is for editors, whose schemas know no grammars. */
export const read = <T extends NonNullable<unknown>>(
  pattern: RegExp,
  grammar: (text: string) => T | Wrong,
  expected: string,
) =>
  z
    .string({ error: says('not a text', expected) })
    .max(LONGEST_TEXT, { error: says(`longer than ${LONGEST_TEXT} characters`, expected) })
    .meta({ pattern: pattern.source })
    .transform((typed, context) => {
      const value = grammar(typed.trim());
      if (!isWrong(value)) return value;
      context.addIssue({ code: 'custom', message: says(value.wrong, value.expected) });
      return z.NEVER;
    });

/** Names become parts of ARNs, alarm names and pages. */
export const NAME = /^[a-z][a-z0-9-]{0,39}$/;
export const NAME_WORDS = 'a small letter, then up to 39 small letters, digits and hyphens';
/** Shorter: the name of the reports bucket holds it, the account and the region in 63 characters. */
export const ENVIRONMENT_NAME = /^[a-z][a-z0-9-]{0,16}$/;
export const ENVIRONMENT_NAME_WORDS = 'a small letter, then up to 16 small letters, digits and hyphens';
export const name = text(NAME, 'not a name', NAME_WORDS);

export const yesOrNo = z.boolean({ error: says('neither yes nor no', 'true or false') });

/** A duration in seconds. */
export const duration = text(
  DURATION,
  'not a duration',
  'a number with ms, s, min or h, such as 10 s or 5 min',
).transform(secondsOf);

/** URLs are checked where it is known what the environment allows (urls.ts). */
export const url = text(/^\S{1,2000}$/, 'not a URL', 'a URL such as https://recommender.example.com/version');

/** Names of most objects of Kubernetes (RFC 1123). */
export const SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** A namespace of Kubernetes (RFC 1123). */
export const namespace = text(
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  'not a namespace',
  'small letters, digits and hyphens, at most 63',
);

const SECRET = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}$/;

/** The ARN of a secret in Secrets Manager. */
export const secretArn = text(
  SECRET,
  'not the ARN of a secret',
  'an ARN such as arn:aws:secretsmanager:eu-west-1:111122223333:secret:mlflow-AbCdEf',
);

const LONGEST_TEXT = 500;
