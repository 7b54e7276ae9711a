/** What a CDK app gets from this package: the construct, its stack, and what reads environment files for them. */

export type { Environment } from './core/environment.ts';
export type { Service } from './core/service.ts';
export type { EnvironmentFiles } from './files/check-environments.ts';
export { environmentFiles } from './files/environment-files.ts';
export type { ClusterNetworkProps } from './infra/cluster-network.ts';
export { EnvironmentStack } from './infra/environment-stack.ts';
export type { ReinstateProps } from './infra/reinstate.ts';
export { Reinstate } from './infra/reinstate.ts';
