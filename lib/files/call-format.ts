import * as z from 'zod';
import type { CallEntry } from '../core/service.ts';
import type { Refuse } from './findings.ts';
import { duration, kindError, mapping, read, says, secretArn, text, url } from './forms.ts';
import type { Path } from './places.ts';
import { isWrong, wrong } from './problem.ts';
import { readUrl, STRICT, type UrlRules } from './urls.ts';

const EMAIL = /^[^\s@<>",;:]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/;
const TOPIC = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/;
/** A channel, a private one or a direct message: names change, ids do not. */
const SLACK_CHANNEL = /^[CGD][A-Z0-9]{8,20}$/;
const PAGERDUTY_SERVICE = /^[\w][\w .-]{0,99}$/;

const EXAMPLE = '{ kind: email, to: oncall@example.com }';
const LONGEST_AFTER_SECONDS = 24 * 3600;

const after = duration
  .refine((seconds) => seconds >= 60 && seconds <= LONGEST_AFTER_SECONDS, {
    error: says('not a time to wait for somebody', 'between 1 min and 24 h'),
  })
  .optional()
  .describe('Called only when nobody has acknowledged the incident for so long; at once when left out');

const standIn = url.optional().describe('A stand-in for the vendor; only with "insecure-local"');

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
      after,
    }),
    mapping({
      kind: z.literal('slack').describe('Called in a channel of Slack, in one thread for each incident'),
      to: text(SLACK_CHANNEL, 'not the id of a channel', 'an id such as C024BE91L').describe(
        'Id of the channel',
      ),
      secret: secretArn.describe('ARN of the Secrets Manager secret with {"token"} of a bot'),
      after,
      url: standIn,
    }),
    mapping({
      kind: z.literal('pagerduty').describe('Called through PagerDuty, one alert for each incident'),
      to: text(
        PAGERDUTY_SERVICE,
        'not the name of a service',
        'what the service is called in PagerDuty',
      ).describe('Name of the service in PagerDuty, as reports show it'),
      secret: secretArn.describe(
        'ARN of the Secrets Manager secret with {"routing_key"} and, to read acknowledgements, {"api_token"}',
      ),
      region: z
        .literal('eu', { error: says('region is unknown', 'eu, or nothing for the US') })
        .optional()
        .describe('Where PagerDuty keeps the account; the US when left out'),
      after,
      url: standIn,
    }),
  ],
  { error: kindError(['email', 'https', 'sns', 'slack', 'pagerduty'], EXAMPLE) },
);

/** Who is called. */
export const callFormat = z.array(entry, { error: says('not a list', `a list such as [${EXAMPLE}]`) });

/** Who is called, with what only their environment may allow. */
export function readCall(
  written: z.output<typeof callFormat>,
  { rules, path }: { readonly rules: UrlRules; readonly path: Path },
  refuse: Refuse,
): CallEntry[] {
  return written.map((one, index) => {
    const { after: afterSeconds, url: typed, ...entry } = { after: undefined, url: undefined, ...one };
    const at = [...path, index, 'url'];
    const place = typed === undefined ? undefined : readUrl(typed, rules);
    if (isWrong(place)) refuse(at, place);
    else if (place !== undefined && !rules.insecureLocal)
      refuse(at, wrong('a vendor has one address', 'no "url" here'));
    return {
      ...(entry as Pick<CallEntry, 'kind' | 'to'>),
      ...(typeof place === 'string' && { url: place.replace(/\/+$/, '') }),
      ...(afterSeconds !== undefined && { afterSeconds }),
    };
  });
}
