/** Every minute: whatever the state machine itself cannot see to. Nothing that was accepted is ever forgotten. */
import { sentenceOf } from '../core/errors.ts';
import { standingMeasurement } from '../core/metrics.ts';
import type { CallEntry } from '../core/service.ts';
import type { Heartbeat } from '../ports/heartbeat.ts';
import { followUp } from './follow-up.ts';
import { type KeepAlarmsPorts, keepAlarms } from './keep-alarms.ts';
import { noteOrphan, type OrphanPorts, tellOfOrphans } from './orphan-execution.ts';
import { type PageTestPorts, sendPageTests } from './page-test.ts';
import { type OpenPointer, records } from './records.ts';
import { findRedAlarms, type RedAlarmPorts } from './red-alarms.ts';
import { type TendPorts, tendIncident } from './tend-incident.ts';

export type SweeperPorts = TendPorts &
  RedAlarmPorts &
  OrphanPorts &
  PageTestPorts &
  KeepAlarmsPorts & { readonly heartbeat: Heartbeat };

/** What the sweeper is told: a tick of its schedule, or the watch rule's execution that did not end well. */
export interface SweepInput {
  readonly services: readonly string[];
  /** Whom the environment calls for every service, beside its topics. @default - nobody */
  readonly paged?: readonly CallEntry[];
  /** ARN of an execution that FAILED, TIMED_OUT or was ABORTED; only wakes the sweeper sooner. */
  readonly execution?: string;
}

export interface Swept {
  readonly incidents: number;
  readonly started: number;
  readonly problems: readonly string[];
}

/**
 * One part that fails does not keep the others from being looked at; the heartbeat stops when any did.
 * @throws when the execution that it was woken for could not be kept: Lambda sends that event again.
 */
export async function sweep(ports: SweeperPorts, input: SweepInput): Promise<Swept> {
  if (input.execution !== undefined) await noteOrphan(ports, input.execution);
  const problems: string[] = [];
  const attempt = attemptsWith(problems);
  const listed = await attempt<OpenPointer[] | undefined>(
    'open incidents',
    () => records(ports.ledger).open(),
    undefined,
  );
  const open = listed ?? [];
  for (const pointer of open) await attempt(pointer.incident, () => tendIncident(ports, pointer), undefined);
  // Before the services: of a sweep that dies over many of them, this is never the part that is left out.
  await attempt('untold executions', () => tellOfOrphans(ports), undefined);
  const started = await lookAtServices(ports, input.services, attempt);
  const follow = ({ incident }: OpenPointer) =>
    attempt(`pages of ${incident}`, () => followUp(ports, incident, input.paged ?? []), undefined);
  await Promise.all(open.map(follow));
  await attempt('tests of pages', () => sendPageTests(ports), undefined);
  if (listed)
    await attempt('standing holds', () => measureStanding(ports, listed, input.services), undefined);
  if (problems.length === 0) await ports.heartbeat.beat();
  return { incidents: open.length, started, problems };
}

type Attempt = <T>(what: string, work: () => Promise<T>, otherwise: T) => Promise<T>;

/** Does one part of the work; a failure of it becomes one of the problems. */
const attemptsWith =
  (problems: string[]): Attempt =>
  async (what, work, otherwise) => {
    try {
      return await work();
    } catch (error) {
      problems.push(`${what}: ${sentenceOf(error)}`);
      return otherwise;
    }
  };

/** @returns how many incidents were started for alarms that were red already. */
async function lookAtServices(
  ports: SweeperPorts,
  services: readonly string[],
  attempt: Attempt,
): Promise<number> {
  let started = 0;
  for (const service of services) {
    const armed = await attempt(service, () => ports.settings.armed(service), undefined);
    if (!armed) continue;
    await attempt(`alarms of ${service}`, () => keepAlarms(ports, armed), undefined);
    started += await attempt(service, () => findRedAlarms(ports, armed), 0);
  }
  return started;
}

/** Of incidents that are not done with, those that are only looked at again have ended. */
async function measureStanding(
  { ledger, meter, clock }: SweeperPorts,
  open: readonly OpenPointer[],
  services: readonly string[],
): Promise<void> {
  const holds = await Promise.all(services.map((service) => records(ledger).hold(service)));
  const standing = {
    incidents: open.filter(({ lookAgainAt }) => lookAgainAt === undefined).length,
    holds: holds.filter((hold) => hold?.state === 'standing').length,
  };
  meter.record(() => [standingMeasurement(clock.now(), standing)]);
}
