/** What stands in a simulated world, and where to see that it changed. */
import { type MemoryWorld, memoryWorld } from '../adapters/memory/world.ts';
import type { Held } from '../core/release.ts';
import { type ArmedService, type Lever, targetOf } from '../core/service.ts';
import type { Attributes, Key } from '../core/write.ts';
import type { Scheduler } from './scheduler.ts';

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
  /** Signals that a bad value makes breach, by target. @default all of them */
  harms?: ReadonlyMap<string, readonly string[]>;
  /** Its signals breach though no lever can help, from and until (epoch ms). */
  readonly elsewhere: { from: number; until: number };
}

/** What every target of a service holds now; aliases that settle steps move are among them. */
export function standing(world: MemoryWorld, { armed }: SimulatedService): Map<string, string | null> {
  const held = armed.service.levers.flatMap((lever) => heldBy(world, lever));
  return new Map(held);
}

function heldBy(world: MemoryWorld, lever: Lever): [string, string | null][] {
  if (lever.kind === 'flag')
    return [[targetOf(lever), world.parameters.get(lever.parameter)?.history.at(-1)?.value ?? null]];
  const aliases = world.models.get(lever.model)?.aliases ?? new Map<string, string>();
  const names = new Set([lever.alias, ...aliases.keys()]);
  return [...names].map((alias) => [`alias:${lever.model}@${alias}`, aliases.get(alias) ?? null]);
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

/** What users get of a lever: instances follow an alias by reload, readers a flag after their cache time. */
export function servedBy(world: MemoryWorld, lever: Lever): readonly string[] {
  if (lever.kind === 'alias') return world.serving.get(`${lever.model}@${lever.alias}`) ?? [];
  const history = world.parameters.get(lever.parameter)?.history ?? [];
  const seen = history.findLast(({ at }) => at <= world.clock.now() - lever.cacheSeconds * 1000);
  return [(seen ?? history[0])?.value ?? ''];
}
