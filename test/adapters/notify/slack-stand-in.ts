/** Slack as far as we use it, strict about what it documents; it says what was wrong the way Slack does. */
import type { IncomingMessage } from 'node:http';
import { json as answer, serve } from '../serve.ts';
import { TOKEN } from './secrets.ts';

export interface SlackMessage {
  readonly ts: string;
  text: string;
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean;
}

type Body = Readonly<Record<string, unknown>>;

/** https://docs.slack.dev/reference/methods/chat.postMessage and chat.update: all arguments that we may send. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  'chat.postMessage': ['channel', 'text', 'thread_ts', 'reply_broadcast', 'unfurl_links', 'unfurl_media'],
  'chat.update': ['channel', 'ts', 'text', 'unfurl_links', 'unfurl_media'],
};

interface SlackState {
  readonly messages: SlackMessage[];
  readonly methods: string[];
  /** Seconds for each 429 that is still to come. */
  readonly limited: number[];
  /** Answers of another kind, in order. */
  readonly broken: { readonly status: number; readonly body: unknown }[];
  /** Never answers. */
  silent: boolean;
}

export async function slackStandIn(channel: string) {
  const state: SlackState = {
    messages: [],
    methods: [],
    limited: [],
    broken: [],
    silent: false,
  };
  const url = await serve(async (request, response) => {
    const method = (request.url ?? '').replace('/api/', '');
    const body = await bodyOf(request);
    if (state.silent) return;
    state.methods.push(method);
    const seconds = state.limited.shift();
    // https://docs.slack.dev/apis/web-api/rate-limits
    if (seconds !== undefined) {
      response.setHeader('retry-after', String(seconds));
      return answer(response, { ok: false, error: 'ratelimited' }, 429);
    }
    const broken = state.broken.shift();
    if (broken) return answer(response, broken.body, broken.status);
    answer(response, answerTo({ method, body, request, channel }, state.messages));
  });
  return { url, state };
}

interface Asked {
  readonly method: string;
  readonly body: Body;
  readonly request: IncomingMessage;
  readonly channel: string;
}

function answerTo(asked: Asked, messages: SlackMessage[]): object {
  const error = objectionTo(asked, messages);
  if (error) return { ok: false, error };
  const { method, body, channel } = asked;
  const text = String(body['text']);
  if (method === 'chat.update') {
    const found = messages.find(({ ts }) => ts === body['ts']);
    if (!found) return { ok: false, error: 'message_not_found' };
    found.text = text;
    return { ok: true, channel, ts: found.ts, text };
  }
  const ts = `1700000000.${String(messages.length + 1).padStart(6, '0')}`;
  const { thread_ts, reply_broadcast } = body as { thread_ts?: string; reply_broadcast?: boolean };
  messages.push({ ts, text, ...(thread_ts && { thread_ts }), ...(reply_broadcast && { reply_broadcast }) });
  return { ok: true, channel, ts, message: { text } };
}

function objectionTo(
  { method, body, request, channel }: Asked,
  messages: SlackMessage[],
): string | undefined {
  const known = ARGUMENTS[method];
  if (request.method !== 'POST' || !known) return 'unknown_method';
  if (request.headers['content-type'] !== 'application/json; charset=utf-8') return 'invalid_post_type';
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return 'invalid_auth';
  const strange = Object.keys(body).find((key) => !known.includes(key));
  if (strange) return `invalid_arguments: ${strange}`;
  if (body['channel'] !== channel) return 'channel_not_found';
  if (typeof body['text'] !== 'string' || body['text'] === '') return 'no_text';
  // Only chat.update refuses it; chat.postMessage would go on in a second message.
  if (body['text'].length > 4000) return 'msg_too_long';
  if ('thread_ts' in body && !messages.some(({ ts }) => ts === body['thread_ts'])) return 'thread_not_found';
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
}
