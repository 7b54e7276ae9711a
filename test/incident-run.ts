/** Runs an incident as the state machine does: stage after stage, with its retries, its Catch and its waits. */
import { sentenceOf } from '../lib/core/errors.ts';
import type { Cursor, StepRef } from '../lib/core/incident.ts';
import type { ExecutionStatus } from '../lib/ports/executions.ts';
import { applyStep } from '../lib/stages/apply-step.ts';
import { type Caught, closeIncident } from '../lib/stages/close-incident.ts';
import { holdPromotion } from '../lib/stages/hold-promotion.ts';
import { openIncident } from '../lib/stages/open-incident.ts';
import { planRollbackStage } from '../lib/stages/plan-rollback.ts';
import { type Swept, sweep } from '../lib/stages/sweeper.ts';
import { verifyRecovery } from '../lib/stages/verify-recovery.ts';
import { executionArn } from './builders.ts';
import { deathOf } from './stages/kill.ts';
import { pass, type Shop } from './stages/shop.ts';

/** A function's time in ms, and what its process being killed looks like to the machine. */
const FUNCTION_MS = 20_000;
const KILLED = 'Runtime.ExitError';

/** Seconds before each retry, by the name of the error: those of lib/infra/incident-tasks.ts. */
const RETRIES: Readonly<Record<string, readonly number[]>> = {
  [KILLED]: [1, 2],
  OutsideTrouble: [1, 2],
  IncidentClosing: [2, 3, 4.5, 6.75, 10, 15, 20, 20, 20, 20, 20],
  StepStillRunning: Array<number>(13).fill(5),
};

export interface Run {
  readonly arn: string;
  status: ExecutionStatus;
  /** States that were entered, in order. */
  readonly states: string[];
  cursor: Cursor | undefined;
  error: string | undefined;
}

export interface RunOptions {
  /** Name of the execution. */
  readonly name?: string;
  /** Before each state; whoever calls `stop` ends the execution there, as a person or a crash does. */
  readonly before?: (state: string, run: Run, stop: (as: ExecutionStatus) => void) => unknown;
}

/** Does something once: right before this state is entered for the nth time. */
export function beforeThe(
  nth: number,
  wanted: string,
  what: (run: Run) => unknown,
): Pick<RunOptions, 'before'> {
  let times = 0;
  const before = (state: string, run: Run) => {
    times += state === wanted ? 1 : 0;
    return state === wanted && times === nth ? what(run) : undefined;
  };
  return { before };
}

/** Ends the execution once: right before this state is entered for the nth time. */
export function stopBeforeThe(nth: number, wanted: string, as: ExecutionStatus): Pick<RunOptions, 'before'> {
  let times = 0;
  const before: RunOptions['before'] = (state, _run, stop) => {
    times += state === wanted ? 1 : 0;
    if (state === wanted && times === nth) stop(as);
  };
  return { before };
}

class Stopped extends Error {}
let executions = 0;

/** Runs one execution to its end. */
export async function runIncident(shop: Shop, input: unknown, options: RunOptions = {}): Promise<Run> {
  const name = options.name ?? `execution-${++executions}`;
  const run: Run = {
    arn: executionArn(name),
    status: 'running',
    states: [],
    cursor: undefined,
    error: undefined,
  };
  const known = { name, input, status: 'running' as ExecutionStatus };
  shop.world.executions.set(run.arn, known);
  try {
    await new Machine(shop, run, options).run(input);
    run.status = 'succeeded';
  } catch (error) {
    if (!(error instanceof Stopped)) run.status = 'failed';
    run.error = sentenceOf(error);
  }
  known.status = run.status;
  return run;
}

class Machine {
  readonly #shop: Shop;
  readonly #run: Run;
  readonly #options: RunOptions;

  constructor(shop: Shop, run: Run, options: RunOptions) {
    this.#shop = shop;
    this.#run = run;
    this.#options = options;
  }

  async run(event: unknown): Promise<void> {
    const { ports, rules } = this.#shop;
    const execution = this.#run.arn;
    let cursor = await this.#task('OpenIncident', () => openIncident(ports, rules, { event, execution }));
    this.#run.cursor = cursor;
    while (cursor.next !== 'done') {
      cursor = await this.#next(cursor);
      this.#run.cursor = cursor;
    }
  }

  async #next(cursor: Cursor): Promise<Cursor> {
    const { ports } = this.#shop;
    switch (cursor.next) {
      case 'plan':
        return this.#caught('PlanRollback', cursor, planRollbackStage);
      case 'hold':
        return this.#caught('HoldPromotion', cursor, holdPromotion);
      case 'apply':
        await this.#enter('ApplyRung');
        await this.#rung(cursor, cursor.steps);
        await this.#enter('SettleRung');
        await this.#rung(cursor, cursor.settle);
        return this.#caught('VerifyRecovery', cursor, verifyRecovery);
      case 'wait':
        await this.#enter('WaitForDatapoints');
        pass(this.#shop, cursor.waitSeconds);
        return this.#caught('VerifyRecovery', cursor, verifyRecovery);
      case 'verify':
        return this.#caught('VerifyRecovery', cursor, verifyRecovery);
      default:
        return this.#task('CloseIncident', () => closeIncident(ports, cursor));
    }
  }

  /** Catch: the incident is closed with the error. */
  async #caught(
    state: string,
    cursor: Cursor,
    stage: (ports: Shop['ports'], cursor: Cursor) => Promise<Cursor>,
  ): Promise<Cursor> {
    try {
      return await this.#task(state, () => stage(this.#shop.ports, cursor));
    } catch (error) {
      if (error instanceof Stopped || !(error instanceof Error)) throw error;
      const Cause = JSON.stringify({ errorMessage: error.message });
      const caught: Cursor & Caught = { ...cursor, next: 'close', error: { Error: error.name, Cause } };
      return caught;
    }
  }

  /** All steps side by side; a step that throws to the end is no receipt, and its neighbours go on. */
  async #rung({ incident, service, fence, rung }: Cursor, steps: readonly StepRef[]): Promise<void> {
    const { ports, world } = this.#shop;
    const pulls = steps.map(async (step) => {
      const pull = () => {
        const endsAt = world.clock.now() + FUNCTION_MS;
        const worker = { remainingMs: () => endsAt - world.clock.now() };
        return applyStep(ports, { incident, service, fence, rung, step }, worker);
      };
      await this.#retried(pull).catch((error) => {
        if (error instanceof Stopped) throw error;
      });
    });
    // Functions that are under way do not stop with their execution.
    await Promise.allSettled(pulls);
    await Promise.all(pulls);
  }

  async #task<T>(state: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(state);
    return this.#retried(work);
  }

  async #enter(state: string): Promise<void> {
    this.#run.states.push(state);
    let stopped: ExecutionStatus | undefined;
    await this.#options.before?.(state, this.#run, (as) => {
      stopped = as;
    });
    if (stopped) this.#stop(stopped);
  }

  #stop(as: ExecutionStatus): never {
    this.#run.status = as;
    throw new Stopped(`stopped: ${as}`);
  }

  async #retried<T>(work: () => Promise<T>): Promise<T> {
    const left = structuredClone(RETRIES) as Record<string, number[]>;
    for (;;) {
      try {
        return await this.#function(work);
      } catch (error) {
        const wait = error instanceof Error ? left[error.name]?.shift() : undefined;
        if (wait === undefined) throw error;
        pass(this.#shop, wait);
      }
    }
  }

  /** A function that is killed never answers; its execution may die with it. */
  async #function<T>(work: () => Promise<T>): Promise<T> {
    const killed = deathOf(this.#shop)?.then((what): never => {
      if (what === 'execution') this.#stop('failed');
      throw Object.assign(new Error('signal: killed'), { name: KILLED });
    });
    return killed === undefined ? work() : Promise.race([work(), killed]);
  }
}

/** One tick of the sweeper; the executions that it starts run to their end. */
export async function runSweeper(shop: Shop, options: RunOptions = {}): Promise<Swept & { runs: Run[] }> {
  const known = new Set(shop.world.executions.keys());
  const swept = await sweep(shop.ports, { services: Object.keys(shop.rules.allowed) });
  const started = [...shop.world.executions].filter(([arn]) => !known.has(arn));
  // All of them run at the same time: a red alarm has joined long before a takeover is over.
  started.sort(([, a], [, b]) => Number(b.name.startsWith('red-')) - Number(a.name.startsWith('red-')));
  const runs: Run[] = [];
  for (const [, { name, input }] of started) runs.push(await runIncident(shop, input, { ...options, name }));
  return { ...swept, runs };
}

/** The sweeper's minutes until nothing is open any more, at most so many. */
export async function sweepMinutes(shop: Shop, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    pass(shop, 60);
    await runSweeper(shop);
  }
}
