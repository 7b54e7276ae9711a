import { readFunctionEnv, unpackAlarms } from '../lib/core/function-env.ts';
import { clock, executionsOf, ledgerIn, pagesTo, settingsOf, signals } from './_ports.ts';
import { openIncidentHandler } from './handlers/open-incident.ts';

const env = readFunctionEnv('open-incident', process.env);
const ports = {
  ledger: ledgerIn(env.TABLE_NAME),
  settings: settingsOf(env.ENVIRONMENT),
  signals: signals(),
  executions: executionsOf(env.STATE_MACHINE_ARN),
  notifier: pagesTo(env.PAGES_TOPIC_ARNS),
  clock,
};
const rules = {
  environment: env.ENVIRONMENT,
  account: env.ACCOUNT,
  region: process.env.AWS_REGION ?? '',
  allowed: unpackAlarms(env.ALARMS, env.STATE_MACHINE_ARN),
};

export const handler = openIncidentHandler(ports, rules);
