import { flag } from '../lib/adapters/levers/flag.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { type ApplyStepInput, applyStep } from '../lib/stages/apply-step.ts';
import { handlerOf } from './_handler.ts';
import { clock, flagDeps, ledgerIn, settingsOf } from './_ports.ts';

const env = readFunctionEnv('apply-flag', process.env);
const ports = {
  ledger: ledgerIn(env.TABLE_NAME),
  settings: settingsOf(env.ENVIRONMENT),
  levers: { flag: flag(flagDeps()) },
  clock,
};

export const handler = handlerOf((input: ApplyStepInput, context) =>
  applyStep(ports, input, { remainingMs: () => context.getRemainingTimeInMillis() }),
);
