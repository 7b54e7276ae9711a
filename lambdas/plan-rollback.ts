import { leverRegistry } from '../lib/adapters/levers/registry.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import type { Cursor } from '../lib/core/incident.ts';
import { planRollbackStage } from '../lib/stages/plan-rollback.ts';
import { handlerOf } from './_handler.ts';
import { clock, flagDeps, ledgerIn, mlflowDeps } from './_ports.ts';

const env = readFunctionEnv('plan-rollback', process.env);
const levers = leverRegistry({ ...flagDeps(), ...mlflowDeps() });
const ports = { ledger: ledgerIn(env.TABLE_NAME), levers, clock };

export const handler = handlerOf((cursor: Cursor) => planRollbackStage(ports, cursor));
