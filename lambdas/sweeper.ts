import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { cloudwatchHeartbeat } from '../lib/adapters/heartbeat.ts';
import { cloudwatchAlarmKeeper } from '../lib/adapters/signals/alarm-keeper.ts';
import { readFunctionEnv, unpackAlarms } from '../lib/core/function-env.ts';
import { closingPorts } from './_closing.ts';
import { executionsOf, options, pagedIn } from './_ports.ts';
import { sweeperHandler } from './handlers/sweeper.ts';

const env = readFunctionEnv('sweeper', process.env);
const ports = {
  ...closingPorts(env),
  executions: executionsOf(env.STATE_MACHINE_ARN),
  alarmKeeper: cloudwatchAlarmKeeper({ client: new CloudWatchClient(options) }),
  heartbeat: cloudwatchHeartbeat({ client: new CloudWatchClient(options), environment: env.ENVIRONMENT }),
};

const services = Object.keys(unpackAlarms(env.ALARMS, env.STATE_MACHINE_ARN));

export const handler = sweeperHandler(ports, services, pagedIn(env.PAGED));
