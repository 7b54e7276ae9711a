import { helmRunner } from '../lib/adapters/levers/helm/run.ts';
import { helm } from '../lib/adapters/levers/helm.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { clock, clusterDeps, ledgerIn, settingsOf } from './_ports.ts';
import { applyStepHandler } from './handlers/apply-step.ts';

const env = readFunctionEnv('apply-helm', process.env);

export const handler = applyStepHandler({
  ledger: ledgerIn(env.TABLE_NAME),
  settings: settingsOf(env.ENVIRONMENT),
  levers: { helm: helm({ ...clusterDeps(), run: helmRunner({ path: env.HELM_PATH }) }) },
  clock,
});
