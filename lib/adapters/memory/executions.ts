import type { Executions } from '../../ports/executions.ts';
import type { MemoryWorld } from './world.ts';

/** Executions that were started stand in the world and stay `running` until a test says otherwise. */
export const memoryExecutions = (world: MemoryWorld): Executions => ({
  status: (arn) =>
    world.trouble.during('states.DescribeExecution', () => world.executions.get(arn)?.status ?? 'unknown'),
  start: (name, input) =>
    world.trouble.during('states.StartExecution', () => {
      const arn = executionArn(name);
      if (world.executions.has(arn)) return 'duplicate';
      world.executions.set(arn, { name, input: structuredClone(input), status: 'running' });
      return 'started';
    }),
});

/** The ARN under which a started execution stands. */
export const executionArn = (name: string): string =>
  `arn:aws:states:us-east-1:000000000000:execution:reinstate:${name}`;
