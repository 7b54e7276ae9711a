import * as cdk from 'aws-cdk-lib';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as tasks from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { PLATFORM_ERRORS, type RETRYABLE_ERRORS } from '../core/errors.ts';
import { FUNCTION_TIMEOUT_SECONDS, pascal } from '../core/function-env.ts';
import { LEVER_KINDS, type LeverKind } from '../core/service.ts';
import type { IncidentMachineProps, StageName } from './incident-machine.ts';

const seconds = cdk.Duration.seconds;

/** More than the 5 s that `actUntil` outlasts a function by. */
const TASK_GRACE_SECONDS = 10;

const PLATFORM_RETRY: sfn.RetryProps = {
  errors: [...PLATFORM_ERRORS],
  interval: seconds(1),
  maxAttempts: 2,
  backoffRate: 2,
  maxDelay: seconds(5),
  jitterStrategy: sfn.JitterType.FULL,
};

const RETRIES = {
  OutsideTrouble: {
    errors: ['OutsideTrouble'],
    interval: seconds(1),
    maxAttempts: 2,
    backoffRate: 2,
    jitterStrategy: sfn.JitterType.FULL,
  },
  // An attempt's `actUntil` is at most a function's timeout and 5 s away, the sweeper's 50 s among them: 65 s outlast
  // it, and a late reading of how an execution fares.
  StepStillRunning: {
    errors: ['StepStillRunning'],
    interval: seconds(5),
    maxAttempts: 13,
    backoffRate: 1,
  },
  // Closing is asked three times at most, of 40 s each: 141 s outlast it. Twenty seconds is the longest it looks away.
  IncidentClosing: {
    errors: ['IncidentClosing'],
    interval: seconds(2),
    maxAttempts: 11,
    backoffRate: 1.5,
    maxDelay: seconds(20),
  },
} satisfies Record<(typeof RETRYABLE_ERRORS)[number], sfn.RetryProps>;

type Retryable = keyof typeof RETRIES;

/** The two rounds of a rung: its steps, and what makes them stick. */
const ROUNDS = {
  apply: { map: 'ApplyRung', choice: 'WhichLever', failed: 'StepFailed', steps: '$.steps', task: 'Apply' },
  settle: {
    map: 'SettleRung',
    choice: 'WhichSettle',
    failed: 'SettleFailed',
    steps: '$.settle',
    task: 'Settle',
  },
} as const;
type Round = (typeof ROUNDS)[keyof typeof ROUNDS];

/** The tasks of the incident machine, each with its timeout and its retries. */
export class IncidentTasks {
  readonly #scope: Construct;
  readonly #functions: IncidentMachineProps['functions'];

  constructor(scope: Construct, functions: IncidentMachineProps['functions']) {
    this.#scope = scope;
    this.#functions = functions;
  }

  /** Gets the whole event; its output is the cursor. Nothing catches it: the sweeper sees the failed execution. */
  open(): tasks.LambdaInvoke {
    const payload = sfn.TaskInput.fromObject({
      event: sfn.JsonPath.entirePayload,
      execution: sfn.JsonPath.executionId,
    });
    const task = this.#invoke('open-incident', { payload, outputPath: '$.Payload' });
    return this.#retried(task, ['OutsideTrouble', 'IncidentClosing', 'StepStillRunning']);
  }

  /** Gets the cursor and answers the next one. */
  stage(name: StageName): tasks.LambdaInvoke {
    const payload = sfn.TaskInput.fromJsonPathAt('$');
    return this.#retried(this.#invoke(name, { payload, outputPath: '$.Payload' }), ['OutsideTrouble']);
  }

  /** All steps of a round side by side. What they did is in the ledger, so their answers are dropped. */
  rung(round: keyof typeof ROUNDS): sfn.Map {
    const { map, steps } = ROUNDS[round];
    return new sfn.Map(this.#scope, map, {
      itemsPath: steps,
      itemSelector: {
        incident: sfn.JsonPath.stringAt('$.incident'),
        service: sfn.JsonPath.stringAt('$.service'),
        fence: sfn.JsonPath.numberAt('$.fence'),
        rung: sfn.JsonPath.numberAt('$.rung'),
        step: sfn.JsonPath.objectAt('$$.Map.Item.Value'),
      },
      resultPath: sfn.JsonPath.DISCARD,
    }).itemProcessor(this.#step(ROUNDS[round]));
  }

  #step(round: Round): sfn.IChainable {
    const failed = new sfn.Pass(this.#scope, round.failed, {
      comment: 'A failed step is a receipt; its neighbours go on',
    });
    const choice = new sfn.Choice(this.#scope, round.choice);
    for (const kind of LEVER_KINDS) {
      const task = this.#pull(kind, `${round.task}${pascal(kind)}`).addCatch(failed);
      choice.when(sfn.Condition.stringEquals('$.step.lever', kind), task);
    }
    return choice.otherwise(failed);
  }

  #pull(kind: LeverKind, id: string): tasks.LambdaInvoke {
    const payload = sfn.TaskInput.fromJsonPathAt('$');
    const task = this.#invoke(`apply-${kind}`, { id, payload, outputPath: '$.Payload' });
    return this.#retried(task, ['OutsideTrouble', 'StepStillRunning']);
  }

  #invoke(name: StageName, { id = pascal(name), ...props }: TaskProps): tasks.LambdaInvoke {
    const timeout = seconds(FUNCTION_TIMEOUT_SECONDS[name] + TASK_GRACE_SECONDS);
    return new tasks.LambdaInvoke(this.#scope, id, {
      lambdaFunction: this.#functions[name],
      // CDK's own retries can burn 126 s of the deadline.
      retryOnServiceExceptions: false,
      taskTimeout: sfn.Timeout.duration(timeout),
      ...props,
    });
  }

  #retried(task: tasks.LambdaInvoke, errors: readonly Retryable[]): tasks.LambdaInvoke {
    task.addRetry(PLATFORM_RETRY);
    for (const error of errors) task.addRetry(RETRIES[error]);
    return task;
  }
}

type TaskProps = Pick<tasks.LambdaInvokeProps, 'payload' | 'outputPath'> & { readonly id?: string };
