/** Sees every step of a run: what changed, and by whom; asks the invariants after each. */
import type { Operation } from '../adapters/memory/trouble.ts';
import type { Plan } from '../core/plan.ts';
import type { ExecutionStatus } from '../ports/executions.ts';
import type { Message } from '../ports/notifier.ts';
import { CANARY } from './call.ts';
import { type Invariant, invariantsOf } from './invariants.ts';
import type { Scheduler } from './scheduler.ts';
import type { Worker } from './worker.ts';
import {
  type SimulatedService,
  type SimulatedWorld,
  standing,
  type TableChange,
  type TargetChange,
} from './world.ts';

/** What one call of a worker did, or somebody else. */
export interface Step {
  /** Epoch ms, true time. */
  readonly at: number;
  readonly by: Worker | 'somebody';
  /** What somebody did, in words. */
  readonly what?: string;
  readonly operation?: Operation;
  readonly table: readonly TableChange[];
  readonly targets: readonly (TargetChange & { readonly service: string })[];
}

/** A target that holds something else now: by a worker (its id), or by somebody. */
export interface Move extends TargetChange {
  readonly at: number;
  readonly by: string;
}

/** Something that must never be. */
export interface Violation {
  readonly invariant: string;
  readonly what: string;
  /** Seconds since the beginning. */
  readonly at: number;
}

export interface Told extends Message {
  readonly at: number;
}

/** What is known when a run is over. */
export interface Past {
  readonly world: SimulatedWorld;
  readonly services: readonly SimulatedService[];
  readonly told: readonly Told[];
  /** When CloudWatch itself called people: the sweeper was silent, or an event was not delivered. */
  readonly platformPages: readonly number[];
  readonly startedAt: number;
  /** By how much two clocks may differ, ms. */
  readonly clocksDifferMs: number;
  /** Steps whose function was run, as `incident step`. */
  readonly begun: ReadonlySet<string>;
  /** Plans that people have read, by their digests. */
  readonly plansRead: ReadonlyMap<string, Plan>;
}

/** How the steps of the Rollouts controller are called. */
export const CONTROLLER_SEES = 'the controller sees';
/** The same of Argo CD's. */
export const ARGO_SEES = 'Argo CD sees';

/** No state's input or output is larger, once an incident is open. */
const LARGEST_STATE_BYTES = 8192;
/** DynamoDB takes no larger item (F59). */
const LARGEST_ITEM_BYTES = 400 * 1024;

export class Witness implements Past {
  readonly world: SimulatedWorld;
  readonly services: SimulatedService[] = [];
  readonly told: Told[] = [];
  readonly platformPages: number[] = [];
  readonly violations: Violation[] = [];
  readonly begun = new Set<string>();
  readonly plansRead = new Map<string, Plan>();
  readonly clocksDifferMs: number;
  readonly trace: string[] = [];
  /** Every change of a target, in order. */
  readonly moves: Move[] = [];
  readonly startedAt: number;
  /** Whoever wants to know that something may have changed. */
  looked: () => void = () => undefined;
  readonly #scheduler: Scheduler;
  readonly #invariants: readonly Invariant[];
  #standing = new Map<string, Map<string, string | null>>();

  constructor(world: SimulatedWorld, scheduler: Scheduler, clocksDifferMs: number) {
    this.world = world;
    this.clocksDifferMs = clocksDifferMs;
    this.#scheduler = scheduler;
    this.startedAt = scheduler.clock.now();
    this.#invariants = invariantsOf(this);
  }

  /** Begins to look at a service. */
  add(service: SimulatedService): void {
    this.services.push(service);
    this.#standing.set(service.armed.service.name, standing(this.world, service));
    this.world.items.takeJournal();
  }

  note(line: string): void {
    this.trace.push(`${((this.#now - this.startedAt) / 1000).toFixed(3)} ${line}`);
  }

  /** A call of a worker has taken effect. */
  applied(worker: Worker, operation: Operation): void {
    this.note(`${worker.id} ${operation}`);
    this.#look(worker, { operation });
  }

  /** Somebody who is not Reinstate does something. */
  somebody(who: string, what: () => void): void {
    this.note(`${who}`);
    what();
    this.#look('somebody', { what: who });
  }

  payload(state: string, payload: unknown): void {
    const text = JSON.stringify(payload);
    const bytes = Buffer.byteLength(text);
    // What comes in is somebody else's; what goes on is ours.
    if (state !== 'OpenIncident' && text.includes(CANARY))
      this.#violated('I9', `a secret is in ${state}: ${text}`);
    if (state !== 'OpenIncident' && bytes > LARGEST_STATE_BYTES)
      this.#violated('8 KiB', `state ${state} carries ${bytes} bytes`);
  }

  /** A function of a lever begins. */
  began(incident: string, step: string): void {
    this.begun.add(`${incident} ${step}`);
  }

  /** A function has thrown: Step Functions keeps what it says for 90 days. */
  failed(worker: Worker, error: Error): void {
    if (error.message.includes(CANARY)) this.#violated('I9', `a secret is in what ${worker.id} throws`);
  }

  ended(arn: string, status: ExecutionStatus): void {
    this.note(`execution ${arn.split(':').at(-1)} ${status}`);
  }

  platformPage(why: string): void {
    this.note(`CloudWatch calls people: ${why}`);
    this.platformPages.push(this.#now);
  }

  /** The run is over: what should have happened by now? */
  conclude(): void {
    for (const { id, end } of this.#invariants) for (const what of end?.() ?? []) this.#violated(id, what);
  }

  get #now(): number {
    return this.#scheduler.clock.now();
  }

  #look(by: Step['by'], how: Pick<Step, 'what' | 'operation'>): void {
    for (const message of this.world.messages.slice(this.told.length))
      this.told.push({ ...message, at: this.#now });
    this.looked();
    const table = this.world.items.takeJournal();
    const targets = this.services.flatMap((service) => this.#changes(service));
    if (table.length === 0 && targets.length === 0 && !isAct(how.operation)) return;
    const step = { at: this.#now, by, table, targets, ...how };
    for (const change of table) this.#wrote(change);
    for (const change of targets) this.#moved(change, by);
    for (const { id, step: check } of this.#invariants)
      for (const what of check?.(step) ?? []) this.#violated(id, what);
  }

  #wrote({ key, after }: TableChange): void {
    this.note(`  ${key.pk} ${key.sk}`);
    const bytes = Buffer.byteLength(JSON.stringify(after ?? {}));
    if (bytes > LARGEST_ITEM_BYTES) this.#violated('400 KB', `${key.pk} ${key.sk} has ${bytes} bytes`);
  }

  #moved({ target, before, after }: TargetChange, by: Step['by']): void {
    this.note(`  ${target}: ${before} -> ${after}`);
    this.moves.push({ target, before, after, at: this.#now, by: by === 'somebody' ? by : by.id });
  }

  #changes(service: SimulatedService) {
    const { name } = service.armed.service;
    const before = this.#standing.get(name) ?? new Map<string, string | null>();
    const after = standing(this.world, service);
    this.#standing.set(name, after);
    return [...new Set([...before.keys(), ...after.keys()])]
      .map((target) => ({
        target,
        before: before.get(target) ?? null,
        after: after.get(target) ?? null,
        service: name,
      }))
      .filter((change) => change.before !== change.after);
  }

  #violated(invariant: string, what: string): void {
    const at = (this.#now - this.startedAt) / 1000;
    this.note(`VIOLATION ${invariant}: ${what}`);
    this.violations.push({ invariant, what, at });
  }
}

const ACTS: readonly (Operation | undefined)[] = [
  'ssm.PutParameter',
  'mlflow.SetAlias',
  'mlflow.DeleteAlias',
  'mlflow.SetTag',
  'service.Reload',
  'kubernetes.PatchWorkload',
  'kubernetes.PatchRollout',
  'helm.Rollback',
  'git.Push',
  'git.OpenRequest',
  'argocd.PatchApplication',
];

/** A person, a job, an updater; not a controller, which only carries out what was written. */
export const isPersons = ({ by, what = '' }: Step): boolean =>
  by === 'somebody' && !what.startsWith(CONTROLLER_SEES) && !what.startsWith(ARGO_SEES);

/** Whether a call changes something outside of Reinstate's own table. */
export const isAct = (operation: Operation | undefined): boolean => ACTS.includes(operation);
