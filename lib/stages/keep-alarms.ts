/** Every minute: alarms against the baseline get the threshold that follows from the newest one. */
import { missingReferences, relativeConditions, withReferences } from '../core/reference.ts';
import { inForce, provenBaselines } from '../core/release.ts';
import type { ArmedService } from '../core/service.ts';
import type { AlarmKeeper } from '../ports/alarm-keeper.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Settings } from '../ports/settings.ts';
import { records } from './records.ts';

export interface ReferencePorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

export interface KeepAlarmsPorts extends ReferencePorts {
  readonly settings: Settings;
  readonly alarmKeeper: AlarmKeeper;
}

export interface Referenced {
  readonly armed: ArmedService;
  /** Why it cannot be judged, in a sentence. */
  readonly missing?: string;
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
  const known = withReferences(armed, newest);
  const missing = missingReferences(known, newest);
  return { armed: known, ...(missing !== undefined && { missing }) };
}

/** A service with the references that it has. */
export function asItStands(armed: ArmedService): Referenced {
  const missing = missingReferences(armed, undefined);
  return { armed, ...(missing !== undefined && { missing }) };
}

/** A deploy puts an alarm where nothing reaches it, and knows no reference: the next sweep moves it back. In the mode `off` it stays. */
export async function keepAlarms(ports: KeepAlarmsPorts, armed: ArmedService): Promise<void> {
  if (!armed.alarms.some(({ condition }) => condition.relative)) return;
  const known = (await referenced(ports, armed)).armed;
  const aimed = known.alarms.filter(
    ({ condition }) => condition.relative && condition.threshold !== undefined,
  );
  if (aimed.length === 0) return;
  if ((await ports.settings.mode(armed.service.name, armed.firstMode)) === 'off') return;
  await ports.alarmKeeper.keep(known, aimed);
}
