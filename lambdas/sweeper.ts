import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { cloudwatchHeartbeat } from '../lib/adapters/heartbeat.ts';
import { readFunctionEnv, unpackAlarms } from '../lib/core/function-env.ts';
import { boundedMarker } from '../lib/stages/mark-there.ts';
import { sweep } from '../lib/stages/sweeper.ts';
import { closingPorts } from './_closing.ts';
import { handlerOf } from './_handler.ts';
import { clock, executionsOf, options } from './_ports.ts';

const env = readFunctionEnv('sweeper', process.env);
const closing = closingPorts(env);
const ports = {
  ...closing,
  marker: boundedMarker(closing.marker, clock),
  executions: executionsOf(env.STATE_MACHINE_ARN),
  heartbeat: cloudwatchHeartbeat({ client: new CloudWatchClient(options), environment: env.ENVIRONMENT }),
};
const services = Object.keys(unpackAlarms(env.ALARMS, env.STATE_MACHINE_ARN));

/** A tick of the schedule, or an execution's status change from the watch rule. */
interface WakeUp {
  readonly detail?: { readonly executionArn?: string };
}

export const handler = handlerOf(({ detail }: WakeUp) => {
  const execution = detail?.executionArn;
  return sweep(ports, { services, ...(execution !== undefined && { execution }) });
});
