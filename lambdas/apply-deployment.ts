import { deployment } from '../lib/adapters/levers/deployment.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { clock, clusterDeps, ledgerIn, settingsOf } from './_ports.ts';
import { applyStepHandler } from './handlers/apply-step.ts';

const env = readFunctionEnv('apply-deployment', process.env);

export const handler = applyStepHandler({
  ledger: ledgerIn(env.TABLE_NAME),
  settings: settingsOf(env.ENVIRONMENT),
  levers: { deployment: deployment(clusterDeps()) },
  clock,
});
