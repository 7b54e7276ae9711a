import { flag } from '../lib/adapters/levers/flag.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { clock, flagDeps, ledgerIn, settingsOf } from './_ports.ts';
import { applyStepHandler } from './handlers/apply-step.ts';

const env = readFunctionEnv('apply-flag', process.env);

export const handler = applyStepHandler({
  ledger: ledgerIn(env.TABLE_NAME),
  settings: settingsOf(env.ENVIRONMENT),
  levers: { flag: flag(flagDeps()) },
  clock,
});
