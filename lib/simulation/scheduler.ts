import type { Clock } from '../ports/clock.ts';
import type { Chance } from './chance.ts';

/** Something that happens at a virtual time. */
interface Event {
  readonly at: number;
  /** Breaks ties: what was planned first happens first. */
  readonly order: number;
  readonly what: () => void;
  cancelled: boolean;
}

const {
  setTimeout: realSetTimeout,
  clearTimeout: realClearTimeout,
  setImmediate: realSetImmediate,
} = globalThis;
const realRandom = Math.random;

/**
 * Virtual time: events in order, and no waiting between them. After each event all promises that it settled run to
 * their next wait, so a run depends on nothing but its events.
 */
export class Scheduler {
  readonly #heap: Event[] = [];
  #now: number;
  #planned = 0;

  constructor(startsAt: number) {
    this.#now = startsAt;
  }

  readonly clock: Clock = {
    now: () => this.#now,
    sleep: (ms) => new Promise((resolve) => this.after(ms, resolve)),
  };

  /** Plans something so many ms from now. @returns what takes it off the plan. */
  after(ms: number, what: () => void): () => void {
    const event = {
      at: Math.round(this.#now + Math.max(0, ms)),
      order: this.#planned++,
      what,
      cancelled: false,
    };
    push(this.#heap, event);
    return () => {
      event.cancelled = true;
    };
  }

  /** Lets events happen until nothing is planned, `until` (epoch ms) is reached, or `done` says so. */
  async run(until: number, done: () => boolean = () => false): Promise<void> {
    await drained();
    for (let event = pop(this.#heap); event; event = pop(this.#heap)) {
      if (event.cancelled) continue;
      if (event.at > until) {
        push(this.#heap, event);
        return;
      }
      this.#now = event.at;
      event.what();
      await drained();
      if (done()) return;
    }
  }

  /**
   * Runs `work` with the timers and the chance of everybody in this thread taken over: the interpreter of state
   * machines uses global timers, and jitters by `Math.random`. One at a time in a thread.
   */
  async owningTimers<T>(chance: Pick<Chance, 'number'>, work: () => Promise<T>): Promise<T> {
    const timers = new Map<number, () => void>();
    let handles = 0;
    const later = (what: () => void, ms = 0): number => {
      const handle = ++handles;
      timers.set(handle, this.after(ms, what));
      return handle;
    };
    Object.assign(globalThis, {
      setTimeout: later,
      clearTimeout: (handle: number) => timers.get(handle)?.(),
    });
    let draws = 0;
    Math.random = () => chance.number(`jitter ${++draws}`);
    // The interpreter throws an error for each path it reads; their stacks would cost more than all else it does.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return await work();
    } finally {
      Object.assign(globalThis, { setTimeout: realSetTimeout, clearTimeout: realClearTimeout });
      Math.random = realRandom;
      Error.stackTraceLimit = stackTraceLimit;
    }
  }
}

/** All promises that can go on have gone on. */
const drained = (): Promise<void> => new Promise((resolve) => realSetImmediate(resolve));

const isBefore = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Event[], event: Event): void {
  let at = heap.length;
  heap.push(event);
  for (;;) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (at === 0 || !parent || !isBefore(event, parent)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = event;
}

function pop(heap: Event[]): Event | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (last && heap.length > 0) sink(heap, last);
  return first;
}

/** Puts an event at the top, and lets it down to where it belongs. */
function sink(heap: Event[], event: Event): void {
  let at = 0;
  for (;;) {
    const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
    const smaller = right && left && isBefore(right, left) ? right : left;
    if (!smaller || !isBefore(smaller, event)) break;
    heap[at] = smaller;
    at = smaller === left ? 2 * at + 1 : 2 * at + 2;
  }
  heap[at] = event;
}
