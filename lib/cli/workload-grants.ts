/** What an alias needs of a cluster: to restart the pods that load it, and to ask each pod what it serves. */

import { type Workload, workloadsOf } from '../core/alias-pods.ts';
import type { AliasLever } from '../core/service.ts';
import type { Grant } from './cluster-roles.ts';

/** One workload, and what an alias does with it. */
export interface WorkloadUse extends Workload {
  readonly use: 'restarted' | 'read';
}

export const usesOf = (lever: AliasLever): WorkloadUse[] => {
  const { restarted, read } = workloadsOf(lever);
  return [
    ...(restarted ? [{ ...restarted, use: 'restarted' as const }] : []),
    ...(read ? [{ ...read, use: 'read' as const }] : []),
  ];
};

const WORKLOADS = {
  deployment: ['apps', 'deployments'],
  rollout: ['argoproj.io', 'rollouts'],
} as const satisfies Record<Workload['kind'], readonly [group: string, resource: string]>;

const PODS: Grant = ['', 'pods', 'list'];

/** Pods that say what they serve: who verifies asks them, and so does who applies, before it acts. */
export const podGrants = (uses: readonly WorkloadUse[]): Grant[] =>
  uses
    .filter(({ use }) => use === 'read')
    .flatMap(({ kind }): Grant[] => [[...WORKLOADS[kind], 'get'], PODS, ['', 'pods/proxy', 'get']]);

/** A Rollout's restart has to be later than its newest pod. */
export const aliasGrants = (uses: readonly WorkloadUse[]): Grant[] => [
  ...podGrants(uses),
  ...uses
    .filter(({ use }) => use === 'restarted')
    .flatMap(({ kind }): Grant[] => [
      [...WORKLOADS[kind], 'get', 'patch'],
      ...(kind === 'rollout' ? [PODS] : []),
    ]),
];
