/** What stands in a simulated world, and where to see that it changed. */
import { type MemoryWorld, memoryWorld } from '../adapters/memory/world.ts';
import type { Held } from '../core/release.ts';
import { type ArmedService, targetOf } from '../core/service.ts';
import type { Attributes, Key } from '../core/write.ts';
import type { Scheduler } from './scheduler.ts';
import type { Stage } from './targets/target.ts';
import { kindOf, servedBy } from './targets.ts';

type Item = Attributes & Key;

/** A change of one item of the table. */
export interface TableChange {
  readonly key: Key;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** A change of what one target of a lever holds, or of what instances serve. */
export interface TargetChange {
  readonly target: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The table, with a journal of what changed since it was last asked. */
export class JournaledItems extends Map<string, Item> {
  #journal: TableChange[] = [];

  override set(id: string, after: Item): this {
    this.#note(this.get(id), after);
    return super.set(id, after);
  }

  override delete(id: string): boolean {
    this.#note(this.get(id), undefined);
    return super.delete(id);
  }

  takeJournal(): TableChange[] {
    const journal = this.#journal;
    this.#journal = [];
    return journal;
  }

  #note(before: Item | undefined, after: Item | undefined): void {
    const { pk, sk } = after ?? before ?? { pk: '', sk: '' };
    this.#journal.push({ key: { pk, sk }, before, after });
  }
}

export interface SimulatedWorld extends MemoryWorld {
  readonly items: JournaledItems;
}

/** An empty world in which the scheduler's time passes. */
export function simulatedWorld(scheduler: Scheduler): SimulatedWorld {
  const advance = () => {
    throw new Error('Cannot advance the clock of a simulation: its events do');
  };
  return { ...memoryWorld(), items: new JournaledItems(), clock: { ...scheduler.clock, advance } };
}

/** A service of the simulation: what it is, what it held when it was well, and which values are bad. */
export interface SimulatedService {
  readonly armed: ArmedService;
  /** By target, newest baseline first. */
  readonly baselines: readonly Readonly<Record<string, Held>>[];
  /** Values that make its signals breach, by target. */
  readonly bad: Map<string, Set<string>>;
  /** How far a bad release has come by the time users get it, where a lever knows of stages. @default canary */
  stage?: Stage;
  /** Signals that a bad value makes breach, by target. @default all of them */
  harms?: ReadonlyMap<string, readonly string[]>;
  /** Its signals breach though no lever can help, from and until (epoch ms). */
  readonly elsewhere: { from: number; until: number };
}

/** What tells of a target, beside what it holds: it may change more than once for one act of ours. */
export const isAside = (target: string): boolean =>
  /^(rollout-asked|helm-history|helm-live|git-head|application):/.test(target);

/** What every target of a service holds now; what settle steps move is among it. */
export function standing(world: MemoryWorld, service: SimulatedService): Map<string, string | null> {
  const good = new Set(
    service.baselines.flatMap((release) => Object.values(release).map(({ value }) => value ?? '')),
  );
  return new Map(service.armed.service.levers.flatMap((lever) => kindOf(lever).held(world, lever, good)));
}

/** Whether users of a service are served something right now that a signal tells of. */
export function servesBad(world: MemoryWorld, service: SimulatedService, signal: string): boolean {
  const now = world.clock.now();
  if (now >= service.elsewhere.from && now < service.elsewhere.until) return true;
  return service.armed.service.levers.some((lever) => {
    const bad = service.bad.get(targetOf(lever));
    if (service.harms?.get(targetOf(lever))?.includes(signal) === false) return false;
    return bad !== undefined && servedBy(world, lever).some((value) => bad.has(value));
  });
}
