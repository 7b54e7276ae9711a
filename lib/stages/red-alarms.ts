/** Opens armed alarms that are red and have no incident: an alarm that was red before the deploy sends no event. */
import { createHash } from 'node:crypto';
import { stamp } from '../core/incident.ts';
import { keys } from '../core/keys.ts';
import type { ArmedService } from '../core/service.ts';
import type { AlarmReading } from '../core/verdict.ts';
import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { SignalReader } from '../ports/signal-reader.ts';

export interface RedAlarmPorts {
  readonly ledger: Ledger;
  readonly signals: SignalReader;
  readonly executions: Executions;
  readonly clock: Clock;
}

/** An event has this long to arrive before the sweeper opens the incident in its stead. */
const EVENT_GRACE_MS = 60_000;

/** What the sort keys of an alarm's transitions begin with. */
const TRANSITIONS = 'at#';
/** An execution that died before it opened anything has used its name up: the next one has another. */
const TRY_EVERY_MS = 5 * 60_000;
/** An event and DescribeAlarms may tell one transition's time a little apart; no alarm is evaluated as often. */
const SAME_TRANSITION_MS = 5000;

/** @returns how many executions were started: one at most, the others attach as their events or sweeps come. */
export async function findRedAlarms(ports: RedAlarmPorts, armed: ArmedService): Promise<number> {
  const service = armed.service.name;
  if (armed.alarms.length === 0) return 0;
  const now = ports.clock.now();
  const red = (await ports.signals.alarms(armed.alarms)).filter(
    (a) => a.state === 'ALARM' && now - a.since > EVENT_GRACE_MS,
  );
  for (const alarm of red) {
    if (await isKnown(ports, alarm)) continue;
    const input = { service, alarm: alarm.arn, at: alarm.since };
    if ((await ports.executions.start(nameOf(service, alarm, now), input)) === 'started') return 1;
  }
  return 0;
}

/**
 * An incident holds the transition: it was opened by it, or it joined. Nothing less counts, be an incident open or
 * not: an event that came late and failed is in none, and the lease knows whether to attach the alarm or to open.
 */
async function isKnown({ ledger }: RedAlarmPorts, { arn, since }: AlarmReading): Promise<boolean> {
  const { pk } = keys.transition(arn, since);
  const held = await ledger.list(pk, TRANSITIONS);
  return held.some(({ sk }) => Math.abs(Number(sk.slice(TRANSITIONS.length)) - since) <= SAME_TRANSITION_MS);
}

/** At most 80 characters, the same for the same transition and minutes: the next sweep finds the name taken. */
function nameOf(service: string, alarm: AlarmReading, now: number): string {
  const hash = createHash('sha256').update(alarm.arn).digest('hex').slice(0, 8);
  return `red-${service}-${stamp(alarm.since)}-${hash}-${Math.floor(now / TRY_EVERY_MS)}`;
}
