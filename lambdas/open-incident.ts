import { readFunctionEnv, unpackAlarms } from '../lib/core/function-env.ts';
import { clock, executionsOf, ledgerIn, pagesTo, settingsOf, signals } from './_ports.ts';
import { openIncidentHandler } from './handlers/open-incident.ts';

const env = readFunctionEnv('open-incident', process.env);
const ledger = ledgerIn(env.TABLE_NAME);
const ports = {
  ledger,
  settings: settingsOf(env.ENVIRONMENT),
  signals: signals(),
  executions: executionsOf(env.STATE_MACHINE_ARN),
  notifier: pagesTo(env, ledger),
  clock,
};
const rules = {
  environment: env.ENVIRONMENT,
  account: env.ACCOUNT,
  region: process.env.AWS_REGION ?? '',
  allowed: unpackAlarms(env.ALARMS, env.STATE_MACHINE_ARN),
};

export const handler = openIncidentHandler(ports, rules);
