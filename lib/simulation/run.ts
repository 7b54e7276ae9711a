/** One seed, from a good day to the end of all incidents. */
import type { Mode } from '../core/environment.ts';
import type { Ending, Incident } from '../core/incident.ts';
import type { ArmedService } from '../core/service.ts';
import { type Receipt, tookEffect } from '../core/step.ts';
import type { VerdictRecord } from '../core/verdict.ts';
import type { OpenPointer } from '../stages/records.ts';
import { seededChance } from './chance.ts';
import { Environment } from './environment.ts';
import type { OwnerOf } from './estate.ts';
import { isUnheard } from './invariants/ending.ts';
import { incidentsOf, itemsOf } from './invariants/past.ts';
import { Scheduler } from './scheduler.ts';
import { tell } from './story.ts';
import type { Violation, Witness } from './witness.ts';

export interface RunProps {
  readonly seed: number;
  /** The services of the environment; stories are told of the first, and now and then of others. */
  readonly services: readonly [ArmedService, ...ArmedService[]];
  /** The only faults that may happen, by name. @default all that the seed brings */
  readonly allowed?: ReadonlySet<string>;
  /** The mode that is set as the day begins. @default drawn by the seed, mostly `act` */
  readonly mode?: Mode;
  /** Who writes the specs of Rollouts. @default the Helm release beside each */
  readonly ownerOf?: OwnerOf;
}

/** How one incident of a run ended. */
export interface SimulatedEnding {
  readonly service: string;
  readonly incident: string;
  readonly ending: Ending | 'none';
  /** Why it ended so: the incident's reasons and its last verdict's, or what that verdict was. */
  readonly reasons: readonly string[];
  /** It went past its deadline, and nobody was called in time (I5). */
  readonly unheard: boolean;
  /** Levers that were pulled last, where it recovered: what the time to recover is counted by. */
  readonly levers?: readonly string[];
  /** Seconds from the alarm, or for a person's start from open, to the verdict. */
  readonly timeToRecover?: number;
}

export interface Outcome {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly endings: readonly SimulatedEnding[];
  /** Names of the faults that happened. */
  readonly happened: readonly string[];
  /** Line by line, the same for the same seed. */
  readonly trace: readonly string[];
}

const STARTS_AT = Date.UTC(2026, 10, 21, 9);
/** No story of ours is longer: a deadline is 30 minutes at most, and three releases may be bad. */
const LONGEST_RUN_MS = 3 * 3600_000;
/** Sweeps without anything to do until a run counts as over: a heartbeat that stops is noticed after three. */
const QUIET_SWEEPS = 4;

export async function simulate({ seed, services, allowed, ...chosen }: RunProps): Promise<Outcome> {
  const chance = seededChance(seed, allowed);
  const scheduler = new Scheduler(STARTS_AT);
  return scheduler.owningTimers(chance, () =>
    live(new Environment({ chance, scheduler, services, ...chosen })),
  );
}

async function live(environment: Environment): Promise<Outcome> {
  const { chance, scheduler, witness } = environment;
  await environment.settle();
  tellStories(environment);
  let quiet = 0;
  environment.sweeps.everyMinute(() => {
    quiet = isQuiet(environment) ? quiet + 1 : 0;
  });
  await scheduler.run(STARTS_AT + LONGEST_RUN_MS, () => quiet >= QUIET_SWEEPS);
  witness.conclude();
  const { violations, trace } = witness;
  return { seed: chance.seed, violations, endings: endingsOf(witness), happened: chance.happened, trace };
}

/** The first service has a bad day; others now and then. */
function tellStories(environment: Environment): void {
  const { chance, witness } = environment;
  for (const [nth, service] of witness.services.entries()) {
    const { name } = service.armed.service;
    if (nth === 0 || chance.happens(`${name} breaks as well`, 0.2)) tell(environment, service);
  }
}

/** Nothing runs, nothing is open but for people, and the stories have been told. */
function isQuiet({ witness, machine, storiesEndAt, scheduler }: Environment): boolean {
  if (machine.running.length > 0 || scheduler.clock.now() < storiesEndAt) return false;
  const untold = itemsOf(witness, 'untold', '').length;
  const unfinished = itemsOf<OpenPointer>(witness, 'open', '').some((pointer) => pointer.unfinished);
  if (untold > 0 || unfinished) return false;
  return incidentsOf(witness).every(({ state }) => state === 'ended' || state === 'closed');
}

const endingsOf = (witness: Witness): SimulatedEnding[] =>
  incidentsOf(witness).map((incident) => {
    const last = itemsOf<VerdictRecord>(witness, `incident#${incident.id}`, 'verdict#').at(-1);
    return {
      service: incident.service,
      incident: incident.id,
      ending: incident.ending ?? 'none',
      reasons: reasonsOf(incident, last),
      unheard: isUnheard(witness, incident),
      ...(incident.ending === 'recovered' && recoveryOf(witness, incident, last)),
    };
  });

function reasonsOf({ ending, reasons = [] }: Incident, last: VerdictRecord | undefined): string[] {
  const all = [...new Set([...reasons, ...(last?.reasons ?? [])])];
  if (all.length > 0 || !last || ending === 'recovered') return all;
  return [`the last verdict was ${last.verdict}, after rung ${last.rung}`];
}

function recoveryOf(witness: Witness, incident: Incident, last: VerdictRecord | undefined) {
  const { trigger, openedAt } = incident;
  const receipts = itemsOf<Receipt>(witness, `incident#${incident.id}`, 'receipt#');
  const pulled = receipts.filter((r) => r.phase === 'apply' && r.rung === last?.rung && tookEffect(r));
  const since = trigger.kind === 'alarm' ? trigger.at : openedAt;
  return {
    levers: pulled.map(({ name }) => name),
    ...(last && { timeToRecover: (last.judgedAt - since) / 1000 }),
  };
}
