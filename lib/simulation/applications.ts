/** Argo CD: what is pushed or changed it sees when it looks, and not at all while it is down. */
import {
  headAt,
  type MemoryApplication,
  nextPassAt,
  passApplication,
  repositoryAt,
} from '../adapters/memory/git.ts';
import type { Chance } from './chance.ts';
import type { Scheduler } from './scheduler.ts';
import { ARGO_SEES, type Witness } from './witness.ts';

interface ApplicationsProps {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly witness: Witness;
}

/** Live objects are watched: a change is known a moment later. */
const SEEN_MS = [50, 400] as const;
/** How often the Git host tells Argo CD of a push, from 0 to 1; else it polls. */
const WEBHOOK = 0.5;
/** A pass that finds nothing to do is not repeated at once. */
const SOONEST_MS = 50;

export class Applications {
  /** Epoch ms. */
  downUntil = 0;
  /** Until then (epoch ms) a refresh that is asked for gets lost. */
  deafUntil = 0;
  readonly #props: ApplicationsProps;
  /** What was there at the last look, by target. */
  readonly #seen = new Map<string, Seen>();
  /** When the next pass of each is (epoch ms). */
  readonly #planned = new Map<string, number>();

  constructor(props: ApplicationsProps) {
    this.#props = props;
  }

  /** Until now what was pushed took effect at once. */
  begin(): void {
    for (const [target, application] of this.#applications()) {
      application.controller = 'down';
      this.#seen.set(target, this.#looked(application));
      this.#plan(target, nextPassAt(application));
    }
  }

  /** Something may have been pushed, written or asked for. */
  notice(): void {
    for (const [target, application] of this.#applications()) {
      const now = this.#looked(application);
      const before = this.#seen.get(target);
      if (before && now.head === before.head && now.live === before.live) continue;
      this.#seen.set(target, now);
      const { chance, scheduler } = this.#props;
      const draw = `${target} seen at ${scheduler.clock.now()}`;
      if (now.head !== before?.head && chance.number(`${draw} by a webhook`) < WEBHOOK)
        application.refreshAt ??= scheduler.clock.now();
      this.#plan(target, scheduler.clock.now() + chance.between(draw, ...SEEN_MS));
    }
  }

  /** The earliest pass counts; each plans the next. */
  #plan(target: string, at: number): void {
    const { scheduler } = this.#props;
    if ((this.#planned.get(target) ?? Number.POSITIVE_INFINITY) <= at) return;
    this.#planned.set(target, at);
    scheduler.after(at - scheduler.clock.now(), () => {
      if (this.#planned.get(target) === at) this.#pass(target);
    });
  }

  #pass(target: string): void {
    this.#planned.delete(target);
    const { scheduler, witness } = this.#props;
    const application = witness.world.applications.get(target);
    if (!application) return;
    if (this.downUntil > scheduler.clock.now()) {
      this.#plan(target, this.downUntil);
      return;
    }
    if (this.deafUntil > scheduler.clock.now()) application.refreshAt = undefined;
    witness.somebody(`${ARGO_SEES} ${target}`, () => {
      application.controller = 'up';
      passApplication(witness.world, application);
      application.controller = 'down';
    });
    this.#plan(target, Math.max(nextPassAt(application), scheduler.clock.now() + SOONEST_MS));
  }

  #looked({ repository, branch, deploys, refreshAt, auto, operation }: MemoryApplication): Seen {
    const { world } = this.#props.witness;
    const written = Object.keys(deploys).map((target) => {
      const object = world.rollouts.get(target) ?? world.deployments.get(target);
      return object?.resourceVersion;
    });
    return {
      head: headAt(repositoryAt(world, repository), branch),
      live: [refreshAt, auto, operation?.endsAt, ...written].join(),
    };
  }

  #applications(): Iterable<[string, MemoryApplication]> {
    return this.#props.witness.world.applications;
  }
}

interface Seen {
  readonly head: string | undefined;
  /** What it watches, as one word. */
  readonly live: string;
}
