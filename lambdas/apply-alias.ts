import { alias } from '../lib/adapters/levers/alias.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { clock, clusterDeps, ledgerIn, settingsOf } from './_ports.ts';
import { applyStepHandler } from './handlers/apply-step.ts';

const env = readFunctionEnv('apply-alias', process.env);

export const handler = applyStepHandler({
  ledger: ledgerIn(env.TABLE_NAME),
  settings: settingsOf(env.ENVIRONMENT),
  levers: { alias: alias(clusterDeps()) },
  clock,
});
