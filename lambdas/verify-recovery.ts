import { leverRegistry } from '../lib/adapters/levers/registry.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { clock, ledgerIn, pagesTo, readerDeps, signals } from './_ports.ts';
import { verifyRecoveryHandler } from './handlers/verify-recovery.ts';

const env = readFunctionEnv('verify-recovery', process.env);
const ledger = ledgerIn(env.TABLE_NAME);

export const handler = verifyRecoveryHandler({
  ledger,
  levers: leverRegistry(readerDeps()),
  signals: signals(),
  notifier: pagesTo(env, ledger),
  clock,
});
