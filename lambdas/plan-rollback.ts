import { leverRegistry } from '../lib/adapters/levers/registry.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { clock, ledgerIn, readerDeps } from './_ports.ts';
import { planRollbackHandler } from './handlers/plan-rollback.ts';

const env = readFunctionEnv('plan-rollback', process.env);
const levers = leverRegistry(readerDeps());

export const handler = planRollbackHandler({ ledger: ledgerIn(env.TABLE_NAME), levers, clock });
