import { leverRegistry } from '../lib/adapters/levers/registry.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import type { Cursor } from '../lib/core/incident.ts';
import { verifyRecovery } from '../lib/stages/verify-recovery.ts';
import { handlerOf } from './_handler.ts';
import { clock, flagDeps, ledgerIn, mlflowDeps, pagesTo, signals } from './_ports.ts';

const env = readFunctionEnv('verify-recovery', process.env);
const ports = {
  ledger: ledgerIn(env.TABLE_NAME),
  levers: leverRegistry({ ...flagDeps(), ...mlflowDeps() }),
  signals: signals(),
  notifier: pagesTo(env.PAGES_TOPIC_ARNS),
  clock,
};

export const handler = handlerOf((cursor: Cursor) => verifyRecovery(ports, cursor));
