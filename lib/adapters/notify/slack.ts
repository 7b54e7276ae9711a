import * as z from 'zod/mini';
import { cutTo } from '../../core/cut.ts';
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import { keys } from '../../core/keys.ts';
import { printable } from '../../core/printable.ts';
import type { CallEntry } from '../../core/service.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Message } from '../../ports/notifier.ts';
import { excerpt, type HttpAnswer, jsonOf } from '../http.ts';
import { type Bound, waitWithin } from './bound.ts';
import type { Channel, ChannelDeps } from './channel.ts';
import { secretOf, withoutSecret } from './secret.ts';
import { baseUrl, httpFor } from './vendor-hosts.ts';

export interface SlackDeps extends ChannelDeps {
  /** Where the message that begins a thread is kept. */
  readonly ledger: Ledger;
}

/** Slack asks to keep a text below 4,000 characters (https://docs.slack.dev/reference/methods/chat.postMessage). */
const LONGEST_TEXT = 3900;
/** Where a 429 does not say how long: https://docs.slack.dev/apis/web-api/rate-limits grants one message a second. */
const WAIT_SECONDS = 1;

const answerFormat = z.object({ ok: z.boolean(), ts: z.optional(z.string()), error: z.optional(z.string()) });

/**
 * One message for an incident, which always says how it stands, and a thread below it of all that was said:
 * https://docs.slack.dev/reference/methods/chat.postMessage and https://docs.slack.dev/reference/methods/chat.update.
 * The secret holds `{"token"}`, a bot's with the scope `chat:write`; the bot is a member of the channel.
 */
export const slackChannel = (deps: SlackDeps): Channel => ({
  say: async (entry, message, bound) => {
    const secret = await secretOf<'token'>(deps.secrets, entry, bound);
    const call = caller(deps, { entry, token: secret.get('token'), bound });
    try {
      return await (message.incident === undefined
        ? post(call, { text: wholeText(message) })
        : sayInThread({ ...deps, call }, entry, { ...message, incident: message.incident }));
    } catch (error) {
      throw withoutSecret(error, secret.hide);
    }
  },
});

type Call = (method: 'chat.postMessage' | 'chat.update', body: object) => Promise<{ readonly ts: string }>;
type Threaded = Pick<SlackDeps, 'ledger'> & { readonly call: Call };

const post = async (call: Call, body: object) => ({ id: (await call('chat.postMessage', body)).ts });

async function sayInThread(deps: Threaded, entry: CallEntry, message: Message & { incident: string }) {
  const key = keys.thread(message.incident, `slack ${entry.to}`);
  const known = (await deps.ledger.get(key)) as { readonly ts: string } | undefined;
  if (!known && message.event && entry.afterSeconds !== undefined) return undefined;
  const ts =
    (known && (await update(deps.call, known.ts, message))) ?? (await begin(deps, key, { message, known }));
  // A page is shown in the channel, too: nobody is called by what is said inside of a thread.
  const aloud = known !== undefined && message.urgency === 'page';
  return post(deps.call, {
    thread_ts: ts,
    text: wholeText(message),
    ...(aloud && { reply_broadcast: true }),
  });
}

/** @returns nothing where somebody deleted the message. */
async function update(call: Call, ts: string, message: Message): Promise<string | undefined> {
  try {
    return (await call('chat.update', { ts, text: headText(message) })).ts;
  } catch (error) {
    if (error instanceof OutsideRefusal && error.message.endsWith(': message_not_found')) return undefined;
    throw error;
  }
}

interface Beginning {
  readonly message: Message;
  /** The message that was there before and is gone. */
  readonly known: { readonly ts: string } | undefined;
}

/** Two at one moment post both, and go on below the one that was kept first. */
async function begin(
  { ledger, call }: Threaded,
  key: ReturnType<typeof keys.thread>,
  { message, known }: Beginning,
) {
  const { ts } = await call('chat.postMessage', { text: headText(message) });
  const when = known ? { ts: [known.ts] } : ('absent' as const);
  const kept = await ledger.write([{ kind: 'put', key, item: { ts }, when }]);
  if (kept.outcome === 'written') return ts;
  return ((await ledger.get(key)) as { readonly ts: string } | undefined)?.ts ?? ts;
}

interface Caller {
  readonly entry: CallEntry;
  readonly token: string;
  readonly bound: Bound;
}

function caller({ clock, insecureLocal }: SlackDeps, { entry, token, bound }: Caller): Call {
  const http = httpFor(entry, insecureLocal);
  return async (method, body) => {
    const url = `${baseUrl(entry, insecureLocal)}/api/${method}`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' };
    const json = { channel: entry.to, unfurl_links: false, unfurl_media: false, ...body };
    for (;;) {
      const answer = await http({ url, method: 'POST', headers, json, timeoutMs: bound.leftMs() });
      if (answer.status !== 429) return readAnswer(url, answer, entry);
      // It was not posted: asking again is safe.
      await waitWithin(clock, bound, { ms: (answer.retryAfterSeconds ?? WAIT_SECONDS) * 1000, who: 'Slack' });
    }
  };
}

function readAnswer(url: string, answer: HttpAnswer, { to }: CallEntry): { ts: string } {
  const action = `write to Slack channel "${to}"`;
  if (answer.status >= 500) throw new OutsideTrouble(`Cannot ${action}: it answered ${answer.status}`);
  const read = z.safeParse(answerFormat, jsonOf(url, answer));
  if (!read.success) throw new OutsideTrouble(`Cannot ${action}: it answered "${excerpt(answer.text)}"`);
  const { ok, ts, error = 'no message' } = read.data;
  if (!ok || ts === undefined) throw new OutsideRefusal(`Cannot ${action}: ${excerpt(error)}`);
  return { ts };
}

/** How it stands, in a few lines. */
function headText({ urgency, subject, incident, links = [] }: Message): string {
  const mark = urgency === 'page' ? ':rotating_light: ' : '';
  const below = [`Incident \`${escaped(incident ?? '')}\``, ...links.map(linkText)];
  return cut([`${mark}*${line(subject)}*`, ...below].join('\n'));
}

function wholeText({ subject, text, links = [] }: Message): string {
  return cut([`*${line(subject)}*`, escaped(text), ...links.map(linkText)].join('\n'));
}

const linkText = ({ href, text }: { href: string; text: string }): string =>
  `<${escaped(href)}|${line(text)}>`;
const line = (text: string): string => escaped(printable(text).trim()) || 'Reinstate';

/** The three characters that mean something: https://docs.slack.dev/messaging/formatting-message-text. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Never within an escape, nor within a letter. */
const cut = (text: string): string =>
  text.length <= LONGEST_TEXT ? text : `${cutTo(text, LONGEST_TEXT).replace(/&\w{0,4}$/, '')}…`;
