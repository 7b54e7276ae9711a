/** Every minute: alarms against the baseline get the threshold that follows from the newest one. */
import { type Referenced, referredTo, relativeConditions } from '../core/reference.ts';
import { inForce, provenBaselines } from '../core/release.ts';
import type { ArmedService, Service } from '../core/service.ts';
import type { AlarmKeeper } from '../ports/alarm-keeper.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Settings } from '../ports/settings.ts';
import { records } from './records.ts';
import { type RarelyPorts, tellRarely } from './tell-rarely.ts';

export interface ReferencePorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

export interface KeepAlarmsPorts extends ReferencePorts, RarelyPorts {
  readonly settings: Settings;
  readonly alarmKeeper: AlarmKeeper;
}

/** A service with the references of its newest baseline that is not quarantined. */
export async function referenced(
  { ledger, clock }: ReferencePorts,
  armed: ArmedService,
): Promise<Referenced> {
  if (relativeConditions(armed.service).length === 0) return { armed };
  const { name } = armed.service;
  const [all, barred] = await Promise.all([
    records(ledger).baselines(name),
    records(ledger).quarantine(name),
  ]);
  const [newest] = provenBaselines(all, inForce(barred, clock.now()));
  return referredTo(armed, newest);
}

/**
 * A deploy puts an alarm where nothing reaches it, and knows no reference: the next sweep moves it back, or says what is
 * missing. In the mode `off` it stays.
 */
export async function keepAlarms(ports: KeepAlarmsPorts, armed: ArmedService): Promise<void> {
  if (relativeConditions(armed.service).length === 0) return;
  if ((await ports.settings.mode(armed.service.name, armed.firstMode)) === 'off') return;
  const { armed: known, missing } = await referenced(ports, armed);
  if (missing !== undefined) await tellOfMissing(ports, armed.service, missing);
  const aimed = known.alarms.filter(
    ({ condition }) => condition.relative && condition.threshold !== undefined,
  );
  if (aimed.length > 0) await ports.alarmKeeper.keep(known, aimed);
}

const ONCE_A_DAY = 24 * 60;

/** Until somebody records a baseline its alarm fires for nothing, and nobody would notice. */
const tellOfMissing = (ports: KeepAlarmsPorts, { name, runbook: { call } }: Service, missing: string) =>
  tellRarely(
    ports,
    { about: `references#${name}`, everyMinutes: ONCE_A_DAY },
    {
      urgency: 'notification',
      service: name,
      subject: `Reinstate: ${name} is not watched as its policy says`,
      text: `${missing}. Until then no alarm of it fires.`,
      call,
    },
  );
