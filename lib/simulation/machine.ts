/** Step Functions: the synthesised definition itself, run in-process, its tasks being the simulated functions. */
import { StateMachine } from 'aws-local-stepfunctions';
import { executionArn } from '../adapters/memory/executions.ts';
import { FUNCTION_NAMES, type FunctionName, pascal } from '../core/function-env.ts';
import definition from '../infra/generated/incident.asl.json' with { type: 'json' };
import type { ExecutionStatus } from '../ports/executions.ts';
import type { Functions } from './functions.ts';
import type { SimulatedWorld } from './world.ts';

interface State {
  readonly Type: string;
  readonly Parameters?: { readonly FunctionName?: string };
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

/** Checked when it is synthesised; once more would cost 66 ms. */
const incidentMachine = new StateMachine(definition as never, { validationOptions: { noValidate: true } });

/** Which function a task invokes, by the name of its state. */
const TASKS: ReadonlyMap<string, FunctionName> = new Map(tasksIn(definition.States));

function tasksIn(states: Readonly<Record<string, State>>): [string, FunctionName][] {
  return Object.entries(states).flatMap(([name, { Parameters, ItemProcessor }]) => {
    const named = FUNCTION_NAMES.find((f) => Parameters?.FunctionName === `\${${pascal(f)}FunctionArn}`);
    const inside = ItemProcessor ? tasksIn(ItemProcessor.States) : [];
    return named ? [[name, named] as [string, FunctionName], ...inside] : inside;
  });
}

/** Who wants to know what goes in and out of states, and how executions end. */
export interface MachineWatcher {
  payload(state: string, payload: unknown): void;
  ended(arn: string, status: ExecutionStatus): void;
}

/** What an execution went through. */
export interface History {
  /** As they were entered; those inside a Map among them. */
  readonly states: readonly string[];
  /** What it ended with, where it succeeded. */
  readonly output?: unknown;
}

type Logs = ReturnType<StateMachine['run']>['eventLogs'];

export class Machine {
  readonly #world: SimulatedWorld;
  readonly #functions: Functions;
  readonly #watcher: MachineWatcher;
  readonly #running = new Map<string, () => void>();
  readonly #failed = new Set<string>();
  readonly #logs = new Map<string, Logs>();
  #launched = 0;

  constructor(world: SimulatedWorld, functions: Functions, watcher: MachineWatcher) {
    this.#world = world;
    this.#functions = functions;
    this.#watcher = watcher;
  }

  get running(): readonly string[] {
    return [...this.#running.keys()];
  }

  /** Starts an execution, unless the name is taken. */
  start(name: string, input: unknown): void {
    const arn = executionArn(name);
    if (this.#world.executions.has(arn)) return;
    this.#world.executions.set(arn, { name, input: structuredClone(input), status: 'running' });
    this.launchStarted();
  }

  /** Runs what was started in the world since: by the sweeper, through the twin of Step Functions. */
  launchStarted(): void {
    const started = [...this.#world.executions].slice(this.#launched);
    this.#launched = this.#world.executions.size;
    for (const [arn, { input }] of started) this.#run(arn, input);
  }

  /** StopExecution, or a failure of the platform's own: its functions run on. */
  stop(arn: string, as: 'aborted' | 'failed' = 'aborted'): void {
    const abort = this.#running.get(arn);
    if (abort && as === 'failed') this.#failed.add(arn);
    abort?.();
  }

  /** To be asked once, of an execution that has ended. */
  async historyOf(arn: string): Promise<History> {
    const logs = this.#logs.get(arn);
    if (!logs || this.#running.has(arn))
      throw new Error(`Cannot read the history of ${arn}: it has not ended`);
    const states: string[] = [];
    let output: unknown;
    for await (const event of logs) {
      if (event.type === 'StateEntered') states.push(event.state.name);
      if (event.type === 'ExecutionSucceeded') output = event.output;
    }
    return { states, ...(output !== undefined && { output }) };
  }

  #run(arn: string, input: unknown): void {
    const context = { Execution: { Id: arn, Input: input } };
    const overrides = { taskResourceLocalHandlers: this.#handlers(arn) };
    // Its first task begins before `run` returns.
    this.#running.set(arn, () => undefined);
    const { result, abort, eventLogs } = incidentMachine.run(input as never, { overrides, context } as never);
    this.#running.set(arn, abort);
    this.#logs.set(arn, eventLogs);
    result.then(
      () => this.#ended(arn, 'succeeded'),
      (error: Error) => this.#ended(arn, this.#failed.has(arn) ? 'failed' : (STATUS[error.name] ?? 'failed')),
    );
  }

  #handlers(arn: string) {
    const handler = (state: string, name: FunctionName) => async (task: { readonly Payload: object }) => {
      // The interpreter goes on with a retry that was waiting when its execution was stopped; AWS does not.
      if (!this.#running.has(arn)) return new Promise(() => undefined);
      this.#watcher.payload(state, task.Payload);
      const Payload = await this.#functions.invoke(name, task.Payload, arn);
      this.#watcher.payload(state, Payload);
      return { StatusCode: 200, Payload };
    };
    return Object.fromEntries([...TASKS].map(([state, name]) => [state, handler(state, name)]));
  }

  #ended(arn: string, status: ExecutionStatus): void {
    this.#running.delete(arn);
    const execution = this.#world.executions.get(arn);
    if (execution) execution.status = status;
    this.#watcher.ended(arn, status);
  }
}

const STATUS: Readonly<Record<string, ExecutionStatus>> = {
  ExecutionAbortedError: 'aborted',
  ExecutionTimeoutError: 'timed-out',
};
