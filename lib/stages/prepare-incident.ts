/** The winner's reading: armed record, mode, alarm and metric; copied into the incident, so that nothing later changes it. */
import { deadlineSeconds } from '../core/deadline.ts';
import { breachIsReal, breachWindow } from '../core/door.ts';
import type { Mode } from '../core/environment.ts';
import { sentenceOf } from '../core/errors.ts';
import type { AttachedAlarm, Cursor, Incident } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import { closingWrites, type Lease } from '../core/lease.ts';
import { type Referenced, referredTo } from '../core/reference.ts';
import { withAddresses } from '../core/release.ts';
import { startAt } from '../core/resume.ts';
import { type ArmedService, signalNamed } from '../core/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Settings } from '../ports/settings.ts';
import type { SignalReader } from '../ports/signal-reader.ts';
import { referenced } from './keep-alarms.ts';
import { present, records, unlessFenceLost, updateIncident, writeFenced } from './records.ts';

export interface PreparePorts {
  readonly ledger: Ledger;
  readonly settings: Settings;
  readonly signals: SignalReader;
  readonly clock: Clock;
}

/** Why the incident ends here, and whether somebody is woken for it. */
interface Stop {
  readonly reason: string;
  readonly wakes: boolean;
}

const wake = (reason: string): Stop => ({ reason, wakes: true });
const tell = (reason: string): Stop => ({ reason, wakes: false });

/** By how much our clock may be behind CloudWatch's; what an event says beyond that is no time to look at. */
const FURTHEST_BEHIND_MS = 10 * 60_000;

/** Alarms that join while their incident is being refused make it doubt again; each round is one more of them. */
const ROUNDS = 10;

/** Idempotent: an execution that was retried or took over reads the snapshot it finds. */
export async function prepare(ports: PreparePorts, { id }: Incident, lease: Lease): Promise<Cursor> {
  const cursor = { incident: id, service: lease.service, fence: lease.fence };
  const to = (next: Cursor['next']): Cursor => ({ ...cursor, ...startAt(next, 0) });
  for (let round = 0; round < ROUNDS; round++) {
    const incident = present(await records(ports.ledger).incident(id), `incident ${id}`);
    if (incident.state !== 'running') return to(incident.state === 'closing' ? 'close' : 'done');
    const stop = await objection(ports, cursor, incident);
    if (!stop) return to('plan');
    if (await refuse(ports, cursor, { incident, stop })) return to('close');
  }
  throw new Error(`Cannot refuse ${id}: alarms kept joining`);
}

type Writer = Pick<Cursor, 'incident' | 'service' | 'fence'>;

/** Takes the door at once, if no alarm joined that was not doubted: a real one must not be refused with a false one. */
async function refuse(
  ports: PreparePorts,
  by: Writer,
  { incident, stop }: { incident: Incident; stop: Stop },
): Promise<boolean> {
  const closing = { ending: 'refused', reasons: [stop.reason], wakes: stop.wakes } as const;
  const writes = closingWrites(by, { ...closing, alarms: incident.alarms });
  return unlessFenceLost(await ports.ledger.write(writes), by).outcome === 'written';
}

/** Copies what the incident runs by into it; says why it ends here, or nothing. */
async function objection(ports: PreparePorts, by: Writer, incident: Incident): Promise<Stop | undefined> {
  const found = await readSettings(ports, incident);
  if ('reason' in found) return found;
  const { armed, mode, missing } = found;
  await writeFenced(ports.ledger, by, [
    { kind: 'put', key: keys.armed(incident.id), item: { ...armed }, when: 'absent' },
  ]);
  const deadlineAt = incident.openedAt + deadlineSeconds(armed.service) * 1000;
  await updateIncident(ports.ledger, by, { mode, deadlineAt });
  if (mode === 'off') return tell('the mode is off');
  // What cannot be judged afterwards is not begun.
  return missing === undefined ? doubt(ports, incident, armed) : wake(missing);
}

/** The snapshot, where there is one already: a policy that changes in the middle changes nothing (F52). */
async function readSettings(
  ports: PreparePorts,
  incident: Incident,
): Promise<(Referenced & { mode: Mode }) | Stop> {
  const { settings, ledger } = ports;
  const snapshot = await records(ledger).armed(incident.id);
  try {
    const armed = snapshot ?? (await armedNow(ports, incident.service));
    if (!armed) return wake(`service "${incident.service}" is not armed: deploy its environment`);
    // Frozen at open: what is recorded since changes nothing of a snapshot.
    const known = snapshot ? referredTo(snapshot, undefined) : await referenced(ports, armed);
    return { ...known, mode: await settings.mode(incident.service, armed.firstMode) };
  } catch (error) {
    // In doubt nothing is done: without the mode nobody knows whether acting is allowed.
    return wake(`the armed service or the mode cannot be read: ${sentenceOf(error)}`);
  }
}

/** What the deploy armed, with what the last baseline found out: an incident asks no control plane (F51). */
async function armedNow(
  { settings, ledger }: PreparePorts,
  service: string,
): Promise<ArmedService | undefined> {
  const armed = await settings.armed(service);
  if (!armed?.clusters) return armed;
  return withAddresses(armed, await records(ledger).baselines(service));
}

/** The alarms as they stand now, and the metrics behind them: an event alone moves nothing. A person is believed. */
async function doubt(
  ports: PreparePorts,
  incident: Incident,
  armed: ArmedService,
): Promise<Stop | undefined> {
  if (incident.trigger.kind === 'person') return undefined;
  const stops: Stop[] = [];
  for (const alarm of await records(ports.ledger).alarms(incident.id)) {
    const stop = await doubtAlarm(ports, armed, alarm);
    if (!stop) return undefined;
    stops.push(stop);
  }
  return stops.find((stop) => stop.wakes) ?? stops[0];
}

async function doubtAlarm(
  ports: PreparePorts,
  armed: ArmedService,
  { arn, at }: AttachedAlarm,
): Promise<Stop | undefined> {
  const alarm = armed.alarms.find((a) => a.arn === arn);
  if (!alarm) return wake(`alarm ${arn} is not armed for this service`);
  const [reading] = await ports.signals.alarms([alarm]);
  if (!reading || reading.state === 'MISSING') return wake(`alarm ${arn} does not exist`);
  if (reading.state === 'OK') return tell('the alarm is OK again');
  // The metric may have stopped because the service did: nobody knows, so somebody has to look.
  if (reading.state !== 'ALARM') return wake(`the alarm is ${reading.state}, not ALARM`);
  if (await breachSeen(ports, armed, { alarm, at })) return undefined;
  return wake('the alarm says ALARM and its metric is healthy: it may be forged');
}

type Fired = { readonly alarm: ArmedService['alarms'][number]; readonly at: number };

async function breachSeen(ports: PreparePorts, armed: ArmedService, { alarm, at }: Fired): Promise<boolean> {
  const signal = signalNamed(armed.service, alarm.condition.signal);
  const now = ports.clock.now();
  const { from, slack } = breachWindow(signal, alarm.condition.of, { at, now });
  // CloudWatch's clock dates alarm and datapoints alike: to one that is behind, the breach is still to come (F14).
  const to = Math.min(Math.max(now, at), now + FURTHEST_BEHIND_MS);
  const datapoints = await ports.signals.datapoints(signal, from, to);
  const periods = Math.floor((now - from - slack) / (signal.periodSeconds * 1000));
  return breachIsReal(alarm, signal, { datapoints, periods });
}
