/** What becomes of a page: somebody acknowledges it, or the next one is called. */
import { addressOf, calledLate } from '../core/called.ts';
import { type Acknowledged, ackWrites } from '../core/desk.ts';
import type { Incident } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import type { ArmedService, CallEntry } from '../core/service.ts';
import { pagesOf } from './closing-report.ts';
import { records } from './records.ts';
import { type SayPorts, sayOnce } from './say.ts';

/** An incident that somebody was called for. */
interface Paged {
  readonly incident: Incident;
  readonly armed: ArmedService | undefined;
  /** When the first page was tried, epoch ms. */
  readonly since: number;
}

/** @param paged whom the environment calls for every service, beside its topics */
export async function followUp(ports: SayPorts, id: string, paged: readonly CallEntry[]): Promise<void> {
  const since = (await pagesOf(ports, id)).find(({ urgency }) => urgency === 'page')?.at;
  if (since === undefined) return;
  const read = records(ports.ledger);
  const [incident, armed, known] = await Promise.all([
    read.incident(id),
    read.armed(id),
    read.acknowledged(id),
  ]);
  if (!incident || incident.state === 'closed') return;
  const about = { incident, armed, since };
  const ack = known ?? (await askChannels(ports, about));
  return ack ? tellWhoHasIt(ports, about, ack) : callTheNext(ports, about, paged);
}

const callOf = ({ armed }: Paged): readonly CallEntry[] => armed?.service.runbook.call ?? [];

/** What a channel knows counts like what a person types: the first one is kept. */
async function askChannels(ports: SayPorts, about: Paged): Promise<Acknowledged | undefined> {
  const { id } = about.incident;
  const found = await ports.notifier.acknowledgement({ incident: id, call: callOf(about) });
  if (!found) return undefined;
  await ports.ledger.write(ackWrites(id, { ...found, reason: '' }));
  return records(ports.ledger).acknowledged(id);
}

async function tellWhoHasIt(ports: SayPorts, about: Paged, { by }: Acknowledged): Promise<void> {
  const { id, service, state } = about.incident;
  if (await records(ports.ledger).wasSaid(id, 'acknowledged')) return;
  await sayOnce(ports, {
    incident: id,
    service,
    what: 'acknowledged',
    urgency: 'notification',
    subject: `${service}: ${by} looks after it`,
    text: `${by} looks after ${id}. Nobody else is called for it`,
    event: 'acknowledged',
    call: callOf(about),
  });
  if (state === 'ended') await askForReport(ports, about.incident);
}

/** Its report was written before: the next sweep puts it again, in its place. */
async function askForReport({ ledger }: SayPorts, { id, service }: Incident): Promise<void> {
  const lease = await records(ledger).lease(service);
  if (lease?.incident !== id) return;
  const set = { unfinished: { fence: lease.fence } };
  await ledger.write([{ kind: 'update', key: keys.open(id), set, when: { incident: [id] } }]);
}

async function callTheNext(ports: SayPorts, about: Paged, paged: readonly CallEntry[]): Promise<void> {
  const waited = ports.clock.now() - about.since;
  const due = calledLate([...paged, ...callOf(about)]).filter((entry) => waited >= entry.afterSeconds * 1000);
  await Promise.all(due.map((entry) => callOne(ports, about, entry)));
}

async function callOne(
  ports: SayPorts,
  { incident, since }: Paged,
  entry: CallEntry & { readonly afterSeconds: number },
): Promise<void> {
  const { id, service, environment, state, ending } = incident;
  const minutes = Math.floor((ports.clock.now() - since) / 60_000);
  const stands = state === 'ended' ? `It ended ${ending ?? ''}` : 'It goes on';
  await sayOnce(ports, {
    incident: id,
    service,
    what: `next-${addressOf(entry)}`,
    urgency: 'page',
    subject: `${service} (${environment}): nobody has acknowledged for ${minutes} min`,
    text: `${stands}. Somebody was paged for ${id} ${minutes} min ago. Look after it: reinstate incidents ack ${id} --env ${environment}`,
    onlyCall: true,
    call: [entry],
  });
}
