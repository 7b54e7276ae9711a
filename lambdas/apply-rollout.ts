import { rollout } from '../lib/adapters/levers/rollout.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { clock, clusterDeps, ledgerIn, settingsOf } from './_ports.ts';
import { applyStepHandler } from './handlers/apply-step.ts';

const env = readFunctionEnv('apply-rollout', process.env);

export const handler = applyStepHandler({
  ledger: ledgerIn(env.TABLE_NAME),
  settings: settingsOf(env.ENVIRONMENT),
  levers: { rollout: rollout(clusterDeps()) },
  clock,
});
