/**
 * PagerDuty's Events API v2 and its list of incidents, strict about what they document:
 * https://developer.pagerduty.com/docs/events-api-v2/trigger-events, the OpenAPI text of which is public
 * (https://github.com/PagerDuty/api-schema, reference/events-v2/openapiv3.json), and
 * https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents.
 */
import type { IncomingMessage } from 'node:http';
import * as z from 'zod';
import { json as answer, serve } from '../serve.ts';
import { API_TOKEN, ROUTING_KEY } from './secrets.ts';

const link = z.strictObject({ href: z.url(), text: z.string().optional() });
const common = {
  routing_key: z.string().length(32),
  dedup_key: z.string().min(1).max(255),
};
const event = z.discriminatedUnion('event_action', [
  z.strictObject({
    ...common,
    event_action: z.literal('trigger'),
    client: z.string().optional(),
    client_url: z.url().optional(),
    links: z.array(link).optional(),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime().optional(),
      component: z.string().optional(),
      group: z.string().optional(),
      class: z.string().optional(),
      custom_details: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
  z.strictObject({ ...common, event_action: z.literal('acknowledge') }),
  z.strictObject({ ...common, event_action: z.literal('resolve') }),
]);
export type PagerDutyEvent = z.infer<typeof event>;

/** What the API takes at most, in bytes. */
const LARGEST_EVENT = 512 * 1024;

interface PagerDutyState {
  readonly events: PagerDutyEvent[];
  readonly alerts: Map<string, Alert>;
  /** Answers of another kind, in order. */
  readonly broken: { readonly status: number; readonly body: unknown }[];
  requests: number;
  /** Never answers. */
  silent: boolean;
}

/** How an alert stands, and who changed it last. */
interface Alert {
  status: 'triggered' | 'acknowledged' | 'resolved';
  readonly by?: string;
  readonly at?: string;
}

export async function pagerDutyStandIn() {
  const state: PagerDutyState = { events: [], alerts: new Map(), broken: [], requests: 0, silent: false };
  const url = await serve(async (request, response) => {
    const text = await textOf(request);
    state.requests += 1;
    if (state.silent) return;
    const broken = state.broken.shift();
    if (broken) return answer(response, broken.body, broken.status);
    if (request.method === 'GET') return answer(response, ...listed(request, state.alerts));
    const { taken, errors } = objections(request, text);
    if (!taken || errors.length > 0)
      return answer(response, { status: 'invalid event', message: 'Event object is invalid', errors }, 400);
    state.events.push(taken);
    take(state.alerts, taken);
    answer(response, { status: 'success', message: 'Event processed', dedup_key: taken.dedup_key }, 202);
  });
  return { url, state };
}

function objections({ url, method }: IncomingMessage, text: string) {
  const read = event.safeParse(JSON.parse(text));
  const errors = [
    ...(url === '/v2/enqueue' && method === 'POST' ? [] : ['not the address of events']),
    ...(text.length > LARGEST_EVENT ? ['event is too large'] : []),
    ...(read.error?.issues.map(({ message, path }) => `${path.join('.')}: ${message}`) ?? []),
    ...(read.data && read.data.routing_key !== ROUTING_KEY ? ['routing_key is unknown'] : []),
  ];
  return { taken: read.data, errors };
}

type Alerts = PagerDutyState['alerts'];

/** An acknowledge or a resolve of what is not open changes nothing. */
function take(alerts: Alerts, { event_action, dedup_key }: PagerDutyEvent): void {
  const open = alerts.get(dedup_key);
  if (event_action === 'trigger' && (!open || open.status === 'resolved'))
    alerts.set(dedup_key, { status: 'triggered' });
  else if (open && open.status !== 'resolved' && event_action !== 'trigger')
    open.status = event_action === 'resolve' ? 'resolved' : 'acknowledged';
}

function listed(request: IncomingMessage, alerts: Alerts): [object, number] {
  const url = new URL(request.url ?? '', 'http://localhost');
  if (request.headers.authorization !== `Token token=${API_TOKEN}`)
    return [{ error: { code: 2006, message: 'You cannot perform this action.' } }, 401];
  const wanted = url.searchParams.getAll('statuses[]');
  const found = alerts.get(url.searchParams.get('incident_key') ?? '');
  const incidents = found && wanted.includes(found.status) ? [shape(found)] : [];
  return [{ incidents, limit: 25, offset: 0, more: false }, 200];
}

const shape = ({
  status,
  by = 'Ada',
  at = '2026-11-21T09:05:00Z',
}: {
  status: string;
  by?: string;
  at?: string;
}) => ({
  id: 'PT4KHLK',
  type: 'incident',
  status,
  acknowledgements:
    status === 'acknowledged'
      ? [{ at, acknowledger: { id: 'P1', type: 'user_reference', summary: by } }]
      : [],
  last_status_change_at: at,
  last_status_change_by: { id: 'P1', type: 'user_reference', summary: by },
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
