import { alias } from '../lib/adapters/levers/alias.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { type ApplyStepInput, applyStep } from '../lib/stages/apply-step.ts';
import { handlerOf } from './_handler.ts';
import { clock, ledgerIn, mlflowDeps, settingsOf } from './_ports.ts';

const env = readFunctionEnv('apply-alias', process.env);
const ports = {
  ledger: ledgerIn(env.TABLE_NAME),
  settings: settingsOf(env.ENVIRONMENT),
  levers: { alias: alias(mlflowDeps()) },
  clock,
};

export const handler = handlerOf((input: ApplyStepInput, context) =>
  applyStep(ports, input, { remainingMs: () => context.getRemainingTimeInMillis() }),
);
