import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { cutTo } from '../../core/cut.ts';
import type { Acknowledged } from '../../core/desk.ts';
import { OutsideRefusal, OutsideTrouble } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import type { CallEntry } from '../../core/service.ts';
import type { Message } from '../../ports/notifier.ts';
import { excerpt, jsonOf } from '../http.ts';
import { retrying } from '../retry.ts';
import type { Bound } from './bound.ts';
import type { Channel, ChannelDeps } from './channel.ts';
import { secretOf, withoutSecret } from './secret.ts';
import { baseUrl, httpFor } from './vendor-hosts.ts';

export interface PagerDutyDeps extends ChannelDeps {
  /** Its name, which groups the alerts. */
  readonly environment: string;
}

/** https://developer.pagerduty.com/docs/events-api-v2/trigger-events: 1,024 characters of summary, 255 of the key. */
const LONGEST_SUMMARY = 1024;
const LONGEST_KEY = 255;
/** Of the 512 KB that an event may have; four bytes a character at worst. */
const LONGEST_TEXT = 20_000;
/** 429 and 5xx are asked again "after some time"; the dedup key makes that safe. */
const ATTEMPTS = 3;
const FIRST_WAIT_MS = 500;

/**
 * Events API v2, one alert for an incident: https://developer.pagerduty.com/docs/events-api-v2/overview. A page
 * triggers it, whatever else is said of the same incident joins it, and its end resolves it. Notifications that end
 * nothing are not sent: every event of PagerDuty's calls somebody. The secret holds `{"routing_key"}` and, where
 * acknowledgements are to be read, `{"api_token"}` of a user that may read incidents.
 */
export const pagerDutyChannel = (deps: PagerDutyDeps): Channel => ({
  say: async (entry, message, bound) => {
    const action = actionOf(message);
    if (!action) return undefined;
    const secret = await secretOf<'routing_key'>(deps.secrets, entry, bound);
    const dedup_key = dedupKey(message);
    const routing = { routing_key: secret.get('routing_key'), event_action: action, dedup_key };
    const event = action === 'trigger' ? { ...routing, ...alertOf(deps, message) } : routing;
    try {
      await enqueue(deps, entry, { event, bound });
      return { id: dedup_key };
    } catch (error) {
      throw withoutSecret(error, secret.hide);
    }
  },
  acknowledgement: async (entry, incident, bound) => {
    const secret = await secretOf<'api_token'>(deps.secrets, entry, bound);
    const token = secret.find('api_token');
    return token === undefined ? undefined : askWhoHasIt(deps, entry, { incident, token, bound });
  },
});

const actionOf = ({ urgency, event }: Message): 'trigger' | 'acknowledge' | 'resolve' | undefined => {
  if (event === 'over') return 'resolve';
  if (event === 'acknowledged') return 'acknowledge';
  return urgency === 'page' ? 'trigger' : undefined;
};

/** The incident; what belongs to none is one alert for each thing that is said. */
function dedupKey({ incident, service, subject, text }: Message): string {
  if (incident !== undefined) return incident.slice(0, LONGEST_KEY);
  const said = createHash('sha256')
    .update(JSON.stringify([service, subject, text]))
    .digest('hex');
  return `reinstate-${said.slice(0, 32)}`;
}

function alertOf({ environment, clock }: PagerDutyDeps, message: Message) {
  const { service, subject, incident, text, links = [] } = message;
  return {
    client: 'Reinstate',
    links: links.map(({ href, text: name }) => ({ href, text: name })),
    payload: {
      summary: cutTo(printable(subject).trim() || 'Reinstate', LONGEST_SUMMARY),
      source: `${service || 'reinstate'}.${environment}`,
      severity: 'critical',
      timestamp: new Date(clock.now()).toISOString(),
      ...(service !== '' && { component: service }),
      group: environment,
      class: message.test ? 'test' : 'rollback',
      custom_details: {
        text: cutTo(text, LONGEST_TEXT),
        environment,
        ...(incident !== undefined && { incident }),
      },
    },
  };
}

async function enqueue(
  deps: PagerDutyDeps,
  entry: CallEntry,
  { event, bound }: { event: object; bound: Bound },
): Promise<void> {
  const http = httpFor(entry, deps.insecureLocal);
  const url = `${baseUrl(entry, deps.insecureLocal)}/v2/enqueue`;
  const retry = {
    clock: deps.clock,
    attempts: ATTEMPTS,
    budgetMs: bound.leftMs(),
    firstWaitMs: FIRST_WAIT_MS,
  };
  const send = async () => {
    const answer = await http({ url, method: 'POST', json: event, timeoutMs: bound.leftMs() });
    if (answer.status === 202) return;
    const said = `Cannot page PagerDuty "${entry.to}": it answered ${answer.status} "${excerpt(answer.text)}"`;
    throw answer.status === 429 || answer.status >= 500 ? new OutsideTrouble(said) : new OutsideRefusal(said);
  };
  return retrying(retry, send, (error) => error instanceof OutsideTrouble);
}

const incidentsFormat = z.object({
  incidents: z.array(
    z.object({
      status: z.string(),
      acknowledgements: z.optional(
        z.array(z.object({ at: z.string(), acknowledger: z.object({ summary: z.optional(z.string()) }) })),
      ),
      last_status_change_at: z.optional(z.string()),
      last_status_change_by: z.optional(z.object({ summary: z.optional(z.string()) })),
    }),
  ),
});

interface Question {
  readonly incident: string;
  readonly token: string;
  readonly bound: Bound;
}

/** https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents: those whose alert has this key. */
async function askWhoHasIt(
  { insecureLocal, clock }: PagerDutyDeps,
  entry: CallEntry,
  { incident, token, bound }: Question,
): Promise<Acknowledged | undefined> {
  const query = new URLSearchParams({ incident_key: incident.slice(0, LONGEST_KEY) });
  for (const status of ['acknowledged', 'resolved']) query.append('statuses[]', status);
  const url = `${baseUrl(entry, insecureLocal, 'api')}/incidents?${query}`;
  const headers = {
    authorization: `Token token=${token}`,
    accept: 'application/vnd.pagerduty+json;version=2',
  };
  const answer = await httpFor(entry, insecureLocal)({ url, headers, timeoutMs: bound.leftMs() });
  if (answer.status !== 200) return undefined;
  const read = z.safeParse(incidentsFormat, jsonOf(url, answer));
  const [found] = read.success ? read.data.incidents : [];
  if (!found) return undefined;
  const [ack] = found.acknowledgements ?? [];
  const by = ack?.acknowledger.summary ?? found.last_status_change_by?.summary ?? 'somebody';
  const at = Date.parse(ack?.at ?? found.last_status_change_at ?? '');
  return { by: `${printable(by).slice(0, 100)} (PagerDuty)`, at: Number.isNaN(at) ? clock.now() : at };
}
