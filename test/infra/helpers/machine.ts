import { StateMachine } from 'aws-local-stepfunctions';
import type { Cursor } from '../../../lib/core/incident.ts';
import { incidentAsl } from '../../../lib/infra/incident-asl.ts';

/** A state of a definition, as far as tests look at it. */
export interface State {
  readonly Type: string;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly [key: string]: unknown }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly TimeoutSeconds?: number;
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
  readonly [key: string]: unknown;
}

export interface Definition {
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds: number;
}

/** The definition that CDK synthesises. */
export const definition = JSON.parse(incidentAsl()) as Definition;

/** All states by name, those inside maps too. */
export const allStates = (states: Definition['States'] = definition.States): [string, State][] =>
  Object.entries(states).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...(state.ItemProcessor ? allStates(state.ItemProcessor.States) : []),
  ]);

/** Validation costs 60 ms: once is enough. */
const machine = new StateMachine(JSON.parse(JSON.stringify(definition)));

/** What stands for a function: gets the payload, answers or throws. */
// biome-ignore lint/suspicious/noExplicitAny: payloads are what tests say they are
export type Fake = (payload: any) => unknown;

export interface Run {
  readonly output: Cursor & Record<string, unknown>;
  /** Names of the states entered, in order: what AWS bills as transitions. */
  readonly entered: readonly string[];
}

/** Runs the definition with fakes by state name; whoever waits or retries does so at once. */
export async function run(fakes: Readonly<Record<string, Fake>>, input: object = {}): Promise<Run> {
  const taskResourceLocalHandlers = Object.fromEntries(
    Object.entries(fakes).map(([state, fake]) => [
      state,
      async ({ Payload }: { Payload: unknown }) => ({ StatusCode: 200, Payload: await fake(Payload) }),
    ]),
  );
  const overrides = { taskResourceLocalHandlers, ...noWaiting(Object.keys(fakes)) };
  const context = { Execution: { Id: EXECUTION, Input: input } };
  const execution = machine.run(input as never, { overrides, context } as never);
  const entered: string[] = [];
  for await (const event of execution.eventLogs) {
    if (event.type === 'StateEntered')
      entered.push((event as unknown as { state: { name: string } }).state.name);
  }
  return { output: (await execution.result) as Run['output'], entered };
}

const noWaiting = (states: readonly string[]) => ({
  waitTimeOverrides: { WaitForDatapoints: 0 },
  retryIntervalOverrides: Object.fromEntries(states.map((state) => [state, 0])),
});

export const EXECUTION = 'arn:aws:states:eu-west-1:111122223333:execution:reinstate-prod-incident:0123';

/** An error as Lambda hands it to Step Functions. */
export function failure(name: string, message = 'it went wrong'): Error {
  return Object.assign(new Error(JSON.stringify({ errorType: name, errorMessage: message })), { name });
}

/** Answers one after the other, and the last one from then on. */
export function oneByOne(...answers: readonly unknown[]): Fake {
  let next = 0;
  return (cursor) => {
    const answer = answers[Math.min(next++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return { ...cursor, ...(answer as object) };
  };
}
