/** What a step takes, from the tables by which functions and clusters are given it. */
import { type Permission, permissionsOf } from '../core/lever-permissions.ts';
import type { ArmedService, Lever } from '../core/service.ts';
import { type Rule, rolesFor } from './cluster-roles.ts';
import { usesOf } from './workload-grants.ts';

/** Of IAM, and of the Role in one namespace of a cluster. */
export interface StepPermissions {
  readonly iam: readonly Permission[];
  readonly kubernetes: readonly {
    readonly namespace: string;
    readonly group: string;
    readonly rules: readonly Rule[];
  }[];
}

/** Of a chart that has none but the usual kinds, and of Rollouts with a template of their own. */
export function stepPermissions(armed: ArmedService, lever: Lever): StepPermissions {
  const roles = rolesFor({
    environment: armed.environment,
    levers: lever.kind !== 'git' && 'cluster' in lever ? [lever] : [],
    uses: lever.kind === 'alias' ? usesOf(lever) : [],
    applications: lever.kind === 'git' && lever.application ? [lever.application] : [],
    kinds: [],
    workloadRef: false,
  });
  const own = roles.filter(({ part }) => part === lever.kind);
  return {
    iam: permissionsOf(armed, lever),
    kubernetes: own.map(({ namespace, group, rules }) => ({ namespace, group, rules })),
  };
}

/** `ssm:GetParameter, ssm:PutParameter`. */
export const iamText = ({ iam }: StepPermissions): string =>
  [...new Set(iam.flatMap(({ actions }) => actions))].join(', ');

/** `get, patch rollouts; list replicasets (in ml)`: what has the same verbs stands together, whatever its group. */
export const kubernetesText = ({ kubernetes }: StepPermissions): string =>
  kubernetes.map(({ namespace, rules }) => `${rulesText(rules)} (in ${namespace})`).join('; ');

function rulesText(rules: readonly Rule[]): string {
  const byVerbs = new Map<string, string[]>();
  for (const { verbs, resources, resourceNames = [] } of rules) {
    const named = resourceNames.length > 0 ? ` "${resourceNames.join('", "')}"` : '';
    const known = byVerbs.get(verbs.join(', ')) ?? [];
    byVerbs.set(verbs.join(', '), [...known, ...resources.map((resource) => `${resource}${named}`)]);
  }
  return [...byVerbs].map(([verbs, resources]) => `${verbs} ${resources.join(', ')}`).join('; ');
}
