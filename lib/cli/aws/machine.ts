import { type SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { asking } from '../../adapters/aws-errors.ts';
import { sfnExecutions } from '../../adapters/executions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Machine } from '../desk.ts';

export interface MachineDeps {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
  readonly clock: Clock;
  /** Told when Step Functions has to be asked again. */
  readonly say: (line: string) => void;
}

export function sfnMachine({ client, stateMachineArn, clock, say }: MachineDeps): Machine {
  const heard: Clock = {
    now: () => clock.now(),
    sleep: (ms) => {
      say(`Step Functions is busy; asking again in ${(ms / 1000).toFixed(1)} s`);
      return clock.sleep(ms);
    },
  };
  return {
    ...sfnExecutions({ client, stateMachineArn, clock: heard }),
    arnOf: (name) => `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`,
    stop: async (executionArn, cause) => {
      const command = new StopExecutionCommand({ executionArn, error: 'Cancelled', cause });
      await asking(`stop execution "${executionArn}"`, () => client.send(command));
    },
  };
}
