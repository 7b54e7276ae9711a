/** What functions and readers have to be allowed inside a cluster: exactly the calls that the levers' adapters make. */
import { WORKLOADS } from '../adapters/levers/helm/manifest.ts';
import { BadInput } from '../core/errors.ts';
import { type ClusterPart, clusterGroup } from '../core/function-env.ts';
import type { ArgoApplication, DeploymentLever, HelmLever, RolloutLever } from '../core/service.ts';
import { aliasGrants, podGrants, type WorkloadUse } from './workload-grants.ts';

export type LeverInCluster = RolloutLever | DeploymentLever | HelmLever;

export interface RolesAsked {
  readonly environment: string;
  /** All of one cluster. */
  readonly levers: readonly LeverInCluster[];
  /** What aliases do there. @default - nothing */
  readonly uses?: readonly WorkloadUse[];
  /** Applications of Argo CD that git levers name, of the same cluster. @default none */
  readonly applications?: readonly ArgoApplication[];
  /** What charts have beside the usual kinds, as `<group>/<resource>`, or `<resource>` of the core group. */
  readonly kinds: readonly string[];
  /** Whether Rollouts take their templates from Deployments. */
  readonly workloadRef: boolean;
}

/** One rule of a Role. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** @default - every object of these kinds */
  readonly resourceNames?: readonly string[];
}

/** Rights of one part in one namespace. */
export interface PartRole {
  readonly namespace: string;
  readonly part: ClusterPart;
  readonly group: string;
  readonly rules: readonly Rule[];
}

export type Grant = readonly [group: string, resource: string, ...verbs: string[]];

/** A namespace without such levers has no such Role. */
export function rolesFor(asked: RolesAsked): PartRole[] {
  const { levers, applications = [] } = asked;
  const ofChart = asked.kinds.map(kindOf);
  const { uses: ofAliases = [] } = asked;
  const namespaces = [...new Set([...levers, ...ofAliases, ...applications].map((at) => at.namespace))];
  return namespaces.flatMap((namespace) => {
    const kinds = new Set(levers.filter((l) => l.namespace === namespace).map((l) => l.kind));
    const has = {
      hasRollout: kinds.has('rollout'),
      hasDeployment: kinds.has('deployment'),
      hasHelm: kinds.has('helm'),
    };
    const uses = ofAliases.filter((use) => use.namespace === namespace);
    const all = { ...has, ...asked, ofChart, uses };
    const names = applications.filter((at) => at.namespace === namespace).map(({ name }) => name);
    return PARTS.map(([part, grantsOf]) => ({
      namespace,
      part,
      group: clusterGroup(asked.environment, part),
      rules: [...rulesOf(grantsOf(all)), ...applicationRules(part, names)],
    })).filter(({ rules }) => rules.length > 0);
  });
}

interface Needs {
  readonly hasRollout: boolean;
  readonly hasDeployment: boolean;
  readonly hasHelm: boolean;
  readonly workloadRef: boolean;
  readonly uses: readonly WorkloadUse[];
  readonly ofChart: readonly (readonly [group: string, resource: string])[];
}

/** What is read of a release: Helm keeps it in Secrets; its images, and whether they are ready, are in its workloads. */
const RELEASE: readonly Grant[] = [
  ['', 'secrets', 'list'],
  ...Object.values(WORKLOADS).map(({ group, resource }): Grant => [group, resource, 'get']),
];

const ROLLOUT: readonly Grant[] = [
  ['argoproj.io', 'rollouts', 'get'],
  ['apps', 'replicasets', 'list'],
];

const DEPLOYMENT: readonly Grant[] = [
  ['apps', 'deployments', 'get'],
  ['apps', 'replicasets', 'list'],
];

const readerGrants = ({ hasRollout, hasDeployment, hasHelm, workloadRef, uses }: Needs): Grant[] => [
  ...(hasRollout ? ROLLOUT : []),
  ...(hasRollout && workloadRef ? [['apps', 'deployments', 'get'] as const] : []),
  ...(hasDeployment ? DEPLOYMENT : []),
  ...(hasHelm ? RELEASE : []),
  ...podGrants(uses),
];

/** The status is a resource of its own. */
const rolloutGrants = ({ hasRollout, workloadRef }: Needs): Grant[] => {
  if (!hasRollout) return [];
  const own: readonly Grant[] = [
    ['argoproj.io', 'rollouts', 'patch'],
    ['argoproj.io', 'rollouts/status', 'patch'],
  ];
  return [...ROLLOUT, ...own, ...(workloadRef ? [['apps', 'deployments', 'get', 'patch'] as const] : [])];
};

const deploymentGrants = ({ hasDeployment }: Needs): Grant[] =>
  hasDeployment ? [...DEPLOYMENT, ['apps', 'deployments', 'patch']] : [];

/** What charts of model services are made of. Claims are left out: whoever may delete one may delete data. */
const CHART: Needs['ofChart'] = [
  ['', 'configmaps'],
  ['', 'services'],
  ['', 'serviceaccounts'],
  ['apps', 'deployments'],
  ['apps', 'statefulsets'],
  ['apps', 'daemonsets'],
  ['batch', 'cronjobs'],
  ['autoscaling', 'horizontalpodautoscalers'],
  ['policy', 'poddisruptionbudgets'],
  ['networking.k8s.io', 'ingresses'],
  ['argoproj.io', 'rollouts'],
  ['traefik.io', 'ingressroutes'],
  ['traefik.io', 'traefikservices'],
];

/** Each revision is one more Secret, and one that is changed; none is deleted, for nothing is pruned. */
const helmGrants = ({ hasHelm, ofChart }: Needs): Grant[] =>
  hasHelm
    ? [
        ['', 'secrets', 'get', 'list', 'create', 'update'],
        ...[...CHART, ...ofChart].map((kind): Grant => [...kind, 'get', 'create', 'patch', 'delete']),
      ]
    : [];

/** What is owned is read in other levers' Roles; what turns auto-sync off or on is the spec of one Application. */
function applicationRules(part: ClusterPart, names: readonly string[]): Rule[] {
  const verbs = part === 'git' ? ['get', 'patch'] : ['get'];
  if (names.length === 0 || (part !== 'git' && part !== 'reader')) return [];
  const resourceNames = [...new Set(names)].sort((a, b) => (a < b ? -1 : 1));
  return [{ apiGroups: ['argoproj.io'], resources: ['applications'], verbs, resourceNames }];
}

const PARTS = [
  ['reader', readerGrants],
  ['alias', ({ uses }: Needs) => aliasGrants(uses)],
  ['rollout', rolloutGrants],
  ['deployment', deploymentGrants],
  ['helm', helmGrants],
  ['git', () => []],
] as const satisfies readonly (readonly [ClusterPart, (needs: Needs) => Grant[]])[];

/** @throws BadInput */
function kindOf(kind: string): readonly [group: string, resource: string] {
  const [, group = '', resource = ''] = /^(?:([a-z0-9][a-z0-9.-]*)\/)?([a-z]+)$/.exec(kind) ?? [];
  if (group === 'rbac.authorization.k8s.io') {
    throw new BadInput(
      `Cannot allow "${kind}": who writes Roles gives itself any right; take them out of the chart`,
    );
  }
  if (resource !== '') return [group, resource];
  throw new BadInput(`Cannot allow "${kind}": expected <group>/<resource>, such as batch/jobs, or secrets`);
}

/** As few rules as there are: one for all resources of a group that have the same verbs. */
function rulesOf(grants: readonly Grant[]): Rule[] {
  const verbsOf = new Map<string, Set<string>>();
  for (const [group, resource, ...verbs] of grants) {
    const at = `${group} ${resource}`;
    verbsOf.set(at, new Set([...(verbsOf.get(at) ?? []), ...verbs]));
  }
  const rules = new Map<string, { apiGroups: string[]; resources: string[]; verbs: string[] }>();
  for (const [at, verbs] of verbsOf) {
    const [group = '', resource = ''] = at.split(' ');
    const key = [group, ...verbs].join(' ');
    const rule = rules.get(key) ?? { apiGroups: [group], resources: [], verbs: [...verbs] };
    rules.set(key, { ...rule, resources: [...rule.resources, resource] });
  }
  return [...rules.values()];
}
