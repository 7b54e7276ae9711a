/** Questions that the suites on the local AWS ask: alarm states, executions, parameters. */
import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { waitUntil } from '../../local/wait.ts';
import type { LocalAws } from './local-aws.ts';
import { machineArn } from './local-aws-resources.ts';

export async function describeAlarm(aws: LocalAws, name: string): Promise<MetricAlarm | undefined> {
  const client = new CloudWatchClient(aws.client);
  return (await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0];
}

export const alarmInState = (aws: LocalAws, name: string, state: string): Promise<MetricAlarm> =>
  waitUntil(
    async () => {
      const found = await describeAlarm(aws, name);
      return found?.StateValue === state ? found : undefined;
    },
    { what: `alarm ${name} in ${state}`, seconds: 60 },
  );

export async function runMachine(
  aws: LocalAws,
  name: string,
  input: unknown,
): Promise<DescribeExecutionCommandOutput> {
  const sfn = new SFNClient(aws.client);
  const start = new StartExecutionCommand({
    stateMachineArn: machineArn(name),
    input: JSON.stringify(input),
  });
  const { executionArn } = await sfn.send(start);
  return waitUntil(
    async () => {
      const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return found.status === 'RUNNING' ? undefined : found;
    },
    { what: `an execution of ${name}`, seconds: 30 },
  );
}

/** The newest execution of a machine that something else started. */
export async function lastExecution(aws: LocalAws, name: string): Promise<DescribeExecutionCommandOutput> {
  const body = { stateMachineArn: machineArn(name) };
  const list = () => aws.call('states', 'AWSStepFunctions.ListExecutions', body) as Promise<Executions>;
  const found = await waitUntil(async () => (await list()).executions[0], {
    what: `an execution of ${name}`,
    seconds: 10,
  });
  return new SFNClient(aws.client).send(new DescribeExecutionCommand({ executionArn: found.executionArn }));
}

interface Executions {
  readonly executions: readonly { readonly executionArn: string }[];
}
