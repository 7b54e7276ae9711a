import { marker } from '../lib/adapters/levers/mark.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import type { Cursor } from '../lib/core/incident.ts';
import { holdPromotion } from '../lib/stages/hold-promotion.ts';
import { boundedMarker } from '../lib/stages/mark-there.ts';
import { handlerOf } from './_handler.ts';
import { clock, ledgerIn, mlflowDeps, settingsOf } from './_ports.ts';

const env = readFunctionEnv('hold-promotion', process.env);
const ports = {
  ledger: ledgerIn(env.TABLE_NAME),
  settings: settingsOf(env.ENVIRONMENT),
  marker: boundedMarker(marker(mlflowDeps()), clock),
  clock,
};

export const handler = handlerOf((cursor: Cursor, context) =>
  holdPromotion(ports, cursor, { remainingMs: () => context.getRemainingTimeInMillis() }),
);
