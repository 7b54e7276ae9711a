/** A day on which only what a test writes down goes wrong: calm weather, mode act, the recommender of `local`. */
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { noTrouble } from '../../lib/adapters/memory/trouble.ts';
import type { Mode } from '../../lib/core/environment.ts';
import type { Incident } from '../../lib/core/incident.ts';
import type { ArmedService, Lever } from '../../lib/core/service.ts';
import type { Receipt } from '../../lib/core/step.ts';
import { seededChance } from '../../lib/simulation/chance.ts';
import { Environment } from '../../lib/simulation/environment.ts';
import { type OwnerOf, shipBad } from '../../lib/simulation/estate.ts';
import { incidentsOf } from '../../lib/simulation/invariants/past.ts';
import { Scheduler } from '../../lib/simulation/scheduler.ts';
import type { Stage } from '../../lib/simulation/targets/target.ts';
import { CALM, type Weather } from '../../lib/simulation/weather.ts';
import type { Told, Violation } from '../../lib/simulation/witness.ts';
import type { Fate, Oversleep, Worker } from '../../lib/simulation/worker.ts';
import { type SimulatedService, standing } from '../../lib/simulation/world.ts';
import { records } from '../../lib/stages/records.ts';
import { localServices } from './seeds.ts';

/** Saturday 2026-11-21 09:00 UTC. The bad release comes at 09:03:00, three minutes in. */
export const STARTS_AT = Date.UTC(2026, 10, 21, 9);
export const BREAKS_AFTER_MS = 180_000;

export interface Setting {
  /** @default 20 */
  readonly minutes?: number;
  readonly mode?: Mode;
  readonly weather?: Partial<Weather>;
  readonly services?: readonly [ArmedService, ...ArmedService[]];
  readonly seed?: number;
  /** Levers whose targets go bad at 09:03:00. @default all of the first service; none: [] */
  readonly breaks?: readonly string[];
  /** How far the bad release has come, where a lever knows of stages. @default canary */
  readonly stage?: Stage;
  /** Who writes the specs of Rollouts. @default the Helm release beside each */
  readonly ownerOf?: OwnerOf;
}

/** What is there to look at when the day is over. */
export interface Day {
  readonly environment: Environment;
  readonly service: SimulatedService;
  /** In the order they were opened. */
  readonly incidents: readonly Incident[];
  /** The only one. @throws when there are more, or none. */
  readonly incident: Incident;
  readonly receipts: readonly Receipt[];
  readonly pages: readonly Told[];
  readonly notifications: readonly Told[];
  readonly violations: readonly Violation[];
  /** What each target of the first service holds. */
  readonly holds: Readonly<Record<string, string | null>>;
  readonly read: ReturnType<typeof records>;
}

/** Plays a day. `happens` writes down what goes wrong, before it begins: `environment.later(ms, ...)` and `script`. */
export async function day(
  happens: (environment: Environment, service: SimulatedService) => void = () => undefined,
  setting: Setting = {},
): Promise<Day> {
  const { seed = 1, services = [localServices()[0]], weather, mode = 'act', minutes = 20, breaks } = setting;
  const { stage = 'canary', ownerOf } = setting;
  const scheduler = new Scheduler(STARTS_AT);
  const chance = seededChance(seed);
  return scheduler.owningTimers(chance, async () => {
    const props = { chance, scheduler, services, weather: { ...CALM, ...weather }, mode };
    const environment = new Environment({ ...props, ...(ownerOf && { ownerOf }) });
    await environment.settle();
    const [service] = environment.witness.services;
    if (!service) throw new Error('Cannot play a day without a service');
    service.stage = stage;
    const levers = service.armed.service.levers.filter((l) => breaks?.includes(l.name) ?? true);
    if (levers.length > 0) breakLater(environment, service, levers);
    happens(environment, service);
    environment.sweeps.everyMinute(() => undefined);
    await scheduler.run(STARTS_AT + minutes * 60_000);
    environment.witness.conclude();
    return whatIsSeen(environment, service);
  });
}

function breakLater(environment: Environment, service: SimulatedService, levers: readonly Lever[]): void {
  environment.later(BREAKS_AFTER_MS, () =>
    environment.witness.somebody('a bad release', () => shipBad(environment.world, service, levers)),
  );
}

async function whatIsSeen(environment: Environment, service: SimulatedService): Promise<Day> {
  const { world, witness } = environment;
  const incidents = incidentsOf(witness);
  const receipts = [...world.items.values()].filter(({ sk }) => sk.startsWith('receipt#'));
  const [only] = incidents;
  return {
    environment,
    service,
    incidents,
    get incident() {
      if (!only || incidents.length > 1) throw new Error(`Expected one incident, found ${incidents.length}`);
      return only;
    },
    receipts: receipts as unknown as Receipt[],
    pages: witness.told.filter(({ urgency }) => urgency === 'page'),
    notifications: witness.told.filter(({ urgency }) => urgency === 'notification'),
    violations: witness.violations,
    holds: Object.fromEntries(standing(world, service)),
    // When everything is over there are no timers to wait for.
    read: records(memoryLedger({ ...world, trouble: noTrouble() })),
  };
}

/** The fate of the nth call of a function's operation, and of no other. */
export function once(
  wanted: { readonly function: Worker['function']; readonly operation: string; readonly nth?: number },
  fate: Fate | Oversleep | (() => Fate | undefined),
): Environment['script'] {
  let seen = 0;
  return (worker, operation) => {
    if (worker.function !== wanted.function || operation !== wanted.operation) return undefined;
    seen += 1;
    if (seen !== (wanted.nth ?? 1)) return undefined;
    return typeof fate === 'function' ? fate() : fate;
  };
}
