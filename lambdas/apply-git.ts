import { pull } from '../lib/adapters/levers/git/pull.ts';
import { git } from '../lib/adapters/levers/git.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { clock, clusterDeps, ledgerIn, settingsOf } from './_ports.ts';
import { applyStepHandler } from './handlers/apply-step.ts';

const env = readFunctionEnv('apply-git', process.env);

export const handler = applyStepHandler({
  ledger: ledgerIn(env.TABLE_NAME),
  settings: settingsOf(env.ENVIRONMENT),
  levers: { git: git({ ...clusterDeps(), pull }) },
  clock,
});
