import {
  DescribeExecutionCommand,
  type ExecutionStatus as Reported,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Clock } from '../ports/clock.ts';
import type { ExecutionStatus, Executions } from '../ports/executions.ts';
import { asking, isTrouble, nameOf } from './aws-errors.ts';
import { retrying } from './retry.ts';

export interface ExecutionsDeps {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
  readonly clock: Clock;
}

/** Executions of a STANDARD state machine in Step Functions. */
export function sfnExecutions({ client, stateMachineArn, clock }: ExecutionsDeps): Executions {
  // A storm of alarms throttles these two calls (F08): more patience than the SDK's three attempts.
  const retry = { clock, attempts: 4, budgetMs: 4000, firstWaitMs: 500 };
  const ask = <T>(action: string, call: () => Promise<T>) =>
    asking(action, () => retrying(retry, call, isTrouble));
  return {
    status: (arn) => ask(`describe execution "${arn}"`, () => status(client, arn)),
    start: (name, input) =>
      ask(`start execution "${name}"`, () =>
        start(client, { stateMachineArn, name, input: JSON.stringify(input) }),
      ),
  };
}

async function status(client: SFNClient, executionArn: string): Promise<ExecutionStatus> {
  try {
    const { status: reported } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return reported ? STATUS[reported] : 'unknown';
  } catch (error) {
    if (nameOf(error) === 'ExecutionDoesNotExist') return 'unknown';
    throw error;
  }
}

/** A redrive that waits is going to run: who may act for a service must not think otherwise. */
const STATUS = {
  RUNNING: 'running',
  PENDING_REDRIVE: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timed-out',
  ABORTED: 'aborted',
} as const satisfies Record<Reported, ExecutionStatus>;

async function start(
  client: SFNClient,
  request: { stateMachineArn: string; name: string; input: string },
): Promise<'started' | 'duplicate'> {
  try {
    await client.send(new StartExecutionCommand(request));
    return 'started';
  } catch (error) {
    // The name is taken, with another input or by an execution that has ended: it was begun, once (F09).
    if (nameOf(error) === 'ExecutionAlreadyExists') return 'duplicate';
    throw error;
  }
}
