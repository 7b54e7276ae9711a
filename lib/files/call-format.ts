import * as z from 'zod';
import { kindError, mapping, read, says, text } from './forms.ts';
import { readUrl, STRICT } from './urls.ts';

const EMAIL = /^[^\s@<>",;:]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
const TOPIC = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/;

const EXAMPLE = '{ kind: email, to: oncall@example.com }';

/** Somebody who is called, and how. */
const entry = z.discriminatedUnion(
  'kind',
  [
    mapping({
      kind: z.literal('email').describe('Called by email'),
      to: text(EMAIL, 'not an email address', 'an address such as oncall@example.com').describe(
        'Email address',
      ),
    }),
    mapping({
      kind: z.literal('https').describe('Called by a POST to a webhook'),
      to: read(/^https:\/\//, (typed) => readUrl(typed, STRICT), 'an https URL').describe(
        'URL of the webhook',
      ),
    }),
    mapping({
      kind: z.literal('sns').describe('Called through an SNS topic'),
      to: text(
        TOPIC,
        'not the ARN of a topic',
        'an ARN such as arn:aws:sns:eu-west-1:111122223333:oncall',
      ).describe('ARN of the topic'),
    }),
  ],
  { error: kindError(['email', 'https', 'sns'], EXAMPLE) },
);

/** Who is called. */
export const callFormat = z.array(entry, { error: says('not a list', `a list such as [${EXAMPLE}]`) });
