/** alarm --open-incident--> incident: parse once, then the lease; only the winner reads anything else. */
import { type AllowList, admitAlarm, type Place, type Refusal, staleness } from '../core/door.ts';
import type { Cursor } from '../core/incident.ts';
import { printable } from '../core/printable.ts';
import { type AlarmTrigger, parseTrigger, type Trigger } from '../core/trigger.ts';
import { type PreparePorts, prepare } from './prepare-incident.ts';
import { records } from './records.ts';
import { type RefusePorts, refuseAtDoor } from './refuse-at-door.ts';
import { type LeasePorts, takeOrAttach } from './take-lease.ts';
import { type Successor, takeOver } from './take-over.ts';

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
  if (trigger.kind === 'takeover') return takeOverKnown(ports, { incident: trigger.incident, execution });
  const admitted = await admit(ports, rules, trigger);
  if ('refusal' in admitted) return refuseAtDoor(ports, { execution, refusal: admitted.refusal });
  const taken = await takeOrAttach(ports, {
    trigger,
    service: admitted.service,
    execution,
    environment: rules.environment,
  });
  return taken.outcome === 'won' ? prepare(ports, taken.incident, taken.lease) : taken.cursor;
}

/** The sweeper names incidents it has read: one that nobody knows was named by somebody else. */
async function takeOverKnown(ports: OpenIncidentPorts, successor: Successor): Promise<Cursor> {
  const { incident, execution } = successor;
  if (await records(ports.ledger).incident(incident)) return takeOver(ports, successor);
  const reason = `incident "${incident}" is unknown`;
  return refuseAtDoor(ports, { execution, refusal: { reason, wakes: true, about: 'unknown incident' } });
}

type Admitted = { readonly service: string } | { readonly refusal: Refusal };

async function admit(
  ports: OpenIncidentPorts,
  rules: OpenIncidentRules,
  trigger: Exclude<Trigger, { kind: 'takeover' }>,
): Promise<Admitted> {
  if (trigger.kind === 'alarm') return admitEvent(ports, rules, trigger);
  const { service } = trigger;
  const refuse = (reason: string): Admitted => ({
    refusal: { reason, wakes: true, about: `service ${service}` },
  });
  if (!Object.hasOwn(rules.allowed, service))
    return refuse(`service "${service}" is unknown in this environment`);
  if (trigger.kind === 'red-alarm' && !rules.allowed[service]?.includes(trigger.alarmArn))
    return refuse(`alarm ${printable(trigger.alarmArn)} is not one of service "${service}"`);
  return { service };
}

/** A duplicate is no news however late it comes; nor is a retry of the execution that opened the incident. */
async function admitEvent(
  { ledger, clock }: OpenIncidentPorts,
  rules: OpenIncidentRules,
  trigger: AlarmTrigger,
): Promise<Admitted> {
  const admitted = admitAlarm(trigger, rules);
  const refusal = staleness(trigger, clock.now());
  if ('refusal' in admitted || !refusal) return admitted;
  const held = await records(ledger).transition(trigger.alarmArn, trigger.at);
  return held ? admitted : { refusal };
}
