import { marker } from '../lib/adapters/levers/mark.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { clock, ledgerIn, mlflowDeps, settingsOf } from './_ports.ts';
import { holdPromotionHandler } from './handlers/hold-promotion.ts';

const env = readFunctionEnv('hold-promotion', process.env);

export const handler = holdPromotionHandler({
  ledger: ledgerIn(env.TABLE_NAME),
  settings: settingsOf(env.ENVIRONMENT),
  marker: marker(mlflowDeps()),
  clock,
});
