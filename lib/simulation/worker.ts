/** One run of a function: a process with its time, whose calls may be lost, slow, or the last thing it does. */
import type { Operation } from '../adapters/memory/trouble.ts';
import type { FunctionName } from '../core/function-env.ts';
import type { Clock } from '../ports/clock.ts';
import type { Order } from '../ports/lever.ts';
import type { Chance } from './chance.ts';

export interface Worker {
  /** `apply-flag@event-1-1#3`: the 3rd run of that function for that execution. */
  readonly id: string;
  readonly function: FunctionName;
  /** ARN of the execution it works for; the sweeper has none. */
  readonly execution?: string;
  /** The fence it was given, where it was given one. */
  readonly fence?: number;
  /** The step it was given, of a lever's function. */
  readonly step?: string;
  readonly startedAt: number;
  readonly endsAt: number;
  alive: boolean;
  /** What it was told of the mode last, and how often it asked. */
  mode?: string;
  modeReads: number;
  /** How often it had asked when it last looked at a target, and whether it has asked since. */
  readsAtLook: number;
  modeIsFresh?: boolean;
  /** What it is putting somewhere right now. */
  order?: Pick<Order, 'incident' | 'fence'>;
  /** Rejects when its process ends before it answered. */
  readonly death: PromiseWithResolvers<never>;
  /** Rejects when Step Functions loses sight of it; it runs on, `unseen`. */
  readonly lost: PromiseWithResolvers<never>;
  unseen: boolean;
  /** It stands still, and the platform will not end it. */
  sleeps: boolean;
}

/** How often calls go wrong, each from 0 to 1. */
export interface Odds {
  readonly crash: number;
  readonly drop: number;
  readonly loseReply: number;
  readonly slow: number;
  readonly pause: number;
  /** Somebody else writes just before the call arrives. */
  readonly meddle: number;
  /** A person stops the execution just before it, and the function runs on. */
  readonly stop: number;
  /** The execution fails just before it, and the function runs on. */
  readonly fail: number;
  /** Step Functions loses sight of a function that runs on, and retries it (per run, not per call). */
  readonly detach: number;
}

/** What becomes of one call. `hang`: the process gets no further, and its time runs out. */
export type Fate =
  | 'pause'
  | 'stop'
  | 'fail'
  | 'crash'
  | 'hang'
  | 'slow'
  | 'drop'
  | 'meddle'
  | 'crash after'
  | 'loseReply';

/** Its process stands still so long that its time runs out, is not ended, and goes on where it was (F13). */
export interface Oversleep {
  readonly sleepsMs: number;
}

/** Before its first call a process has to begin: that may fail as well. */
export type Moment = Operation | 'lambda.Init';

/** What a worker's calls pass through. */
export interface Network {
  readonly clock: Clock;
  /** Plans something so many ms from now. */
  later(ms: number, what: () => void): void;
  readonly chance: Chance;
  readonly odds: Odds;
  /** Whether clients ask again by themselves; where not, what is lost is lost for good. */
  readonly clientsRetry: boolean;
  /** Whether the system behind an operation is down now. */
  isDown(operation: Operation): boolean;
  /**
   * What somebody has written down for this call, in addition to what chance brings.
   * @throws what the other side refuses the call with.
   */
  fateOf(worker: Worker, moment: Moment): Fate | Oversleep | undefined;
  /** Somebody else gets in between. */
  meddle(name: string): void;
  /** The execution ends at this very moment. */
  endExecution(arn: string, as: 'aborted' | 'failed'): void;
  /** A function of a lever begins with its step. */
  began(incident: string, step: string): void;
  /** A function has thrown. */
  failed(worker: Worker, error: Error): void;
  /** An effect has just been applied. */
  applied(worker: Worker, operation: Operation): void;
  note(line: string): void;
}

/** What a function's process being killed looks like to the state machine. */
export function kill(worker: Worker, name: 'Runtime.ExitError' | 'Sandbox.Timedout'): void {
  if (!worker.alive) return;
  // Who oversleeps is given up as well, and does not know.
  if (worker.sleeps) worker.unseen = true;
  else worker.alive = false;
  worker.death.reject(lambdaError(name, `${worker.id} ended before it answered`));
}

/** An error as Step Functions gets it from Lambda. */
export const lambdaError = (errorType: string, errorMessage: string): Error =>
  Object.assign(new Error(JSON.stringify({ errorType, errorMessage })), { name: errorType });
