import { leverRegistry } from '../lib/adapters/levers/registry.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { clock, flagDeps, ledgerIn, mlflowDeps } from './_ports.ts';
import { planRollbackHandler } from './handlers/plan-rollback.ts';

const env = readFunctionEnv('plan-rollback', process.env);
const levers = leverRegistry({ ...flagDeps(), ...mlflowDeps() });

export const handler = planRollbackHandler({ ledger: ledgerIn(env.TABLE_NAME), levers, clock });
