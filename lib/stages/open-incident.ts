/** alarm --open-incident--> incident: parse once, then the lease; only the winner reads anything else. */
import { type AllowList, admitAlarm, type Place, type Refusal } from '../core/door.ts';
import type { Cursor } from '../core/incident.ts';
import { parseTrigger, type Trigger } from '../core/trigger.ts';
import { type PreparePorts, prepare } from './prepare-incident.ts';
import { type RefusePorts, refuseAtDoor } from './refuse-at-door.ts';
import { type LeasePorts, takeOrAttach } from './take-lease.ts';
import { takeOver } from './take-over.ts';

export type OpenIncidentPorts = LeasePorts & PreparePorts & RefusePorts;

/** What the function is told: the whole event, and who runs it. */
export interface OpenIncidentInput {
  readonly event: unknown;
  /** ARN of the execution. */
  readonly execution: string;
}

/** What the deploy says: where we are, and whose alarms count. */
export interface OpenIncidentRules extends Place {
  readonly environment: string;
  readonly allowed: AllowList;
}

export async function openIncident(
  ports: OpenIncidentPorts,
  rules: OpenIncidentRules,
  { event, execution }: OpenIncidentInput,
): Promise<Cursor> {
  const trigger = parseTrigger(event);
  if (trigger.kind === 'malformed') {
    return refuseAtDoor(ports, {
      execution,
      refusal: { reason: `malformed input: ${trigger.why}`, wakes: true, about: 'malformed' },
    });
  }
  if (trigger.kind === 'takeover') return takeOver(ports, { incident: trigger.incident, execution });
  const admitted = admit(trigger, rules, ports.clock.now());
  if ('refusal' in admitted) return refuseAtDoor(ports, { execution, refusal: admitted.refusal });
  const taken = await takeOrAttach(ports, {
    trigger,
    service: admitted.service,
    execution,
    environment: rules.environment,
  });
  return taken.outcome === 'won' ? prepare(ports, taken.incident, taken.lease) : taken.cursor;
}

type Admitted = { readonly service: string } | { readonly refusal: Refusal };

function admit(
  trigger: Exclude<Trigger, { kind: 'takeover' }>,
  rules: OpenIncidentRules,
  now: number,
): Admitted {
  if (trigger.kind === 'alarm') return admitAlarm(trigger, { ...rules, now });
  if (Object.hasOwn(rules.allowed, trigger.service)) return { service: trigger.service };
  const reason = `service "${trigger.service}" is unknown in this environment`;
  return { refusal: { reason, wakes: true, about: `service ${trigger.service}` } };
}
