/** Opens armed alarms that are red and have no incident: an alarm that was red before the deploy sends no event. */
import { createHash } from 'node:crypto';
import { stamp } from '../core/incident.ts';
import type { AlarmReading } from '../core/verdict.ts';
import type { Clock } from '../ports/clock.ts';
import type { Executions } from '../ports/executions.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Settings } from '../ports/settings.ts';
import type { SignalReader } from '../ports/signal-reader.ts';
import { records } from './records.ts';

export interface RedAlarmPorts {
  readonly ledger: Ledger;
  readonly settings: Settings;
  readonly signals: SignalReader;
  readonly executions: Executions;
  readonly clock: Clock;
}

/** An event has this long to arrive before the sweeper opens the incident in its stead. */
const EVENT_GRACE_MS = 60_000;

/** @returns how many executions were started: one at most, the others attach as their events or sweeps come. */
export async function findRedAlarms(ports: RedAlarmPorts, service: string): Promise<number> {
  const armed = await ports.settings.armed(service);
  if (!armed || armed.alarms.length === 0) return 0;
  const now = ports.clock.now();
  const red = (await ports.signals.alarms(armed.alarms)).filter(
    (a) => a.state === 'ALARM' && now - a.since > EVENT_GRACE_MS,
  );
  for (const alarm of red) {
    if (await isKnown(ports, service, alarm)) continue;
    const input = { service, alarm: alarm.arn, at: alarm.since };
    return (await ports.executions.start(nameOf(service, alarm), input)) === 'started' ? 1 : 0;
  }
  return 0;
}

/** An incident holds the transition, or one of the service is open or was opened since; a dry run saw to nothing. */
async function isKnown({ ledger }: RedAlarmPorts, service: string, alarm: AlarmReading): Promise<boolean> {
  const read = records(ledger);
  if (await read.transition(alarm.arn, alarm.since)) return true;
  const summaries = await read.summaries(service);
  return summaries.some((s) => (s.openedAt >= alarm.since && !s.dryRun) || s.state !== 'closed');
}

/** At most 80 characters, the same for the same transition: a second sweep finds the name taken. */
function nameOf(service: string, alarm: AlarmReading): string {
  const hash = createHash('sha256').update(alarm.arn).digest('hex').slice(0, 8);
  return `red-${service}-${stamp(alarm.since)}-${hash}`;
}
