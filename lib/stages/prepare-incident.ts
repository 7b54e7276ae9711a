/** The winner's reading: armed record, mode, alarm and metric; copied into the incident, so that nothing later changes it. */
import { deadlineSeconds } from '../core/deadline.ts';
import { breachIsReal, breachWindow } from '../core/door.ts';
import type { Mode } from '../core/environment.ts';
import { sentenceOf } from '../core/errors.ts';
import type { Cursor, Incident } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import type { Lease } from '../core/lease.ts';
import { startAt } from '../core/resume.ts';
import { type ArmedService, signalNamed } from '../core/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Settings } from '../ports/settings.ts';
import type { SignalReader } from '../ports/signal-reader.ts';
import { updateIncident, writeFenced } from './records.ts';

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

/** Idempotent: an execution that was retried or took over reads the snapshot it finds. */
export async function prepare(ports: PreparePorts, incident: Incident, lease: Lease): Promise<Cursor> {
  const by = { service: lease.service, fence: lease.fence, incident: incident.id };
  const cursor = { incident: incident.id, service: lease.service, fence: lease.fence };
  const read = await readSettings(ports, incident);
  if ('reason' in read) return refuse(ports, cursor, read);
  await writeFenced(ports.ledger, by, [
    { kind: 'put', key: keys.armed(incident.id), item: { ...read.armed }, when: 'absent' },
  ]);
  const deadlineAt = incident.openedAt + deadlineSeconds(read.armed.service) * 1000;
  await updateIncident(ports.ledger, by, { mode: read.mode, deadlineAt });
  const stop = read.mode === 'off' ? tell('the mode is off') : await doubt(ports, incident, read.armed);
  return stop ? refuse(ports, cursor, stop) : { ...cursor, ...startAt('plan', 0) };
}

async function readSettings(
  { settings }: PreparePorts,
  incident: Incident,
): Promise<{ armed: ArmedService; mode: Mode } | Stop> {
  try {
    const armed = await settings.armed(incident.service);
    if (!armed) return wake(`service "${incident.service}" is not armed: deploy its environment`);
    return { armed, mode: await settings.mode(incident.service, armed.firstMode) };
  } catch (error) {
    // In doubt nothing is done: without the mode nobody knows whether acting is allowed (design decision 9).
    return wake(`the armed service or the mode cannot be read: ${sentenceOf(error)}`);
  }
}

async function refuse(
  ports: PreparePorts,
  cursor: Pick<Cursor, 'incident' | 'service' | 'fence'>,
  stop: Stop,
): Promise<Cursor> {
  await updateIncident(ports.ledger, cursor, { reasons: [stop.reason], wakes: stop.wakes });
  return { ...cursor, ...startAt('close', 0), ending: 'refused' };
}

/** The alarm as it stands now, and the metric behind it: an event alone moves nothing. A person is believed. */
async function doubt(
  ports: PreparePorts,
  { trigger }: Incident,
  armed: ArmedService,
): Promise<Stop | undefined> {
  if (trigger.kind === 'person') return undefined;
  const alarm = armed.alarms.find((a) => a.arn === trigger.alarmArn);
  if (!alarm) return wake(`alarm ${trigger.alarmArn} is not armed for this service`);
  const [reading] = await ports.signals.alarms([alarm]);
  if (!reading || reading.state === 'MISSING') return wake(`alarm ${alarm.arn} does not exist`);
  if (reading.state !== 'ALARM') return tell(`the alarm is ${reading.state} again`);
  if (await breachSeen(ports, armed, { alarm, at: trigger.at })) return undefined;
  return wake('the alarm says ALARM and its metric is healthy: it may be forged');
}

type Fired = { readonly alarm: ArmedService['alarms'][number]; readonly at: number };

async function breachSeen(ports: PreparePorts, armed: ArmedService, { alarm, at }: Fired): Promise<boolean> {
  const signal = signalNamed(armed.service, alarm.condition.signal);
  const { from, slack } = breachWindow(signal, alarm.condition.of, at);
  const to = ports.clock.now();
  const datapoints = await ports.signals.datapoints(signal, from, to);
  const periods = Math.floor((to - from - slack) / (signal.periodSeconds * 1000));
  return breachIsReal(alarm, signal, { datapoints, periods });
}
