import { eksFinder } from '../lib/adapters/kubernetes/eks-finder.ts';
import { leverRegistry } from '../lib/adapters/levers/registry.ts';
import { readFunctionEnv } from '../lib/core/function-env.ts';
import { logger } from './_handler.ts';
import { clock, ledgerIn, readerDeps, unretriedEks } from './_ports.ts';
import { planRollbackHandler } from './handlers/plan-rollback.ts';

const env = readFunctionEnv('plan-rollback', process.env);
const levers = leverRegistry(readerDeps());

const clusters = eksFinder({
  eks: unretriedEks(),
  log: (text) => logger.warn('EKS did not say where a cluster is', { text }),
});

export const handler = planRollbackHandler({ ledger: ledgerIn(env.TABLE_NAME), levers, clusters, clock });
