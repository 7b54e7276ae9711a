/** What pulling a lever takes in AWS: the functions' permissions are made of it, and `plan` prints it. */
import { clustersOf } from './alias-pods.ts';
import { parameterNames } from './environment.ts';
import type { ArmedService, Lever, LeverKind } from './service.ts';

/** What may be done to what. */
export interface Permission {
  /** @default Allow */
  readonly effect?: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Why a resource is a `*` or ends in one; without it synth fails. @default - no resource has a `*` */
  readonly reason?: string;
  /** @default - always */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** ARNs of all that levers touch. Lists may be empty: then there is nothing to permit. */
export interface LeverReach {
  /** Armed services and modes. */
  readonly settings: readonly string[];
  /** Parameters that flag levers of this environment may pull. */
  readonly flags: readonly string[];
  /** The secret with MLflow's credentials, where there is one. */
  readonly secrets: readonly string[];
  /** The secrets with tokens of clusters that are not EKS. */
  readonly clusterSecrets: readonly string[];
  /** The secrets with credentials of Git hosts. */
  readonly gitSecrets: readonly string[];
  /** EKS clusters: who may do what inside is said by the cluster's own roles. */
  readonly eksClusters: readonly string[];
}

/** The mode is read before every act. */
export const readSettings = ({ settings }: LeverReach): Permission => ({
  actions: ['ssm:GetParameter'],
  resources: settings,
});

const pullFlags = ({ flags }: LeverReach): Permission => ({
  actions: ['ssm:GetParameter', 'ssm:PutParameter', 'ssm:GetParameterHistory'],
  resources: flags,
});

export const readSecrets = ({ secrets }: LeverReach): Permission => ({
  actions: ['secretsmanager:GetSecretValue'],
  resources: secrets,
});

/** Tokens are signed without asking anybody; the cluster is described where endpoint and CA are not given. */
export const reachClusters = ({ clusterSecrets, eksClusters }: LeverReach): Permission[] => [
  { actions: ['secretsmanager:GetSecretValue'], resources: clusterSecrets },
  { actions: ['eks:DescribeCluster'], resources: eksClusters },
];

export const readGitSecrets = ({ gitSecrets }: LeverReach): Permission => ({
  actions: ['secretsmanager:GetSecretValue'],
  resources: gitSecrets,
});

const applyInCluster = (r: LeverReach) => [readSettings(r), ...reachClusters(r)];

/** All that a step of each kind of lever takes, but for the record it keeps of itself. */
export const leverPermissions = {
  flag: (r) => [readSettings(r), pullFlags(r)],
  alias: (r) => [readSettings(r), readSecrets(r), ...reachClusters(r)],
  rollout: applyInCluster,
  deployment: applyInCluster,
  helm: applyInCluster,
  git: (r) => [...applyInCluster(r), readGitSecrets(r)],
} as const satisfies Record<LeverKind, (reach: LeverReach) => Permission[]>;

/** What one lever of an armed service takes: the actions of its function, on its own targets. */
export const permissionsOf = (armed: ArmedService, lever: Lever): Permission[] =>
  leverPermissions[lever.kind](reachOf(armed, lever)).filter(({ resources }) => resources.length > 0);

function reachOf(armed: ArmedService, lever: Lever): LeverReach {
  const { environment, service, mlflow, clusters = {} } = armed;
  const { mode, serviceMode } = parameterNames(environment);
  const used = [...new Set(clustersOf(lever))].flatMap((name) => clusters[name] ?? []);
  const asked = used.filter((c) => !(c.endpoint && c.ca) || c.recorded).flatMap(({ eks }) => eks ?? []);
  const parameter = (name: string) => arnIn(armed, 'ssm', `parameter/${name.replace(/^\//, '')}`);
  return {
    settings: [mode, serviceMode(service.name)].map(parameter),
    flags: lever.kind === 'flag' ? [parameter(lever.parameter)] : [],
    secrets: mlflow?.secret === undefined ? [] : [mlflow.secret],
    clusterSecrets: used.flatMap(({ secret }) => secret ?? []),
    gitSecrets: lever.kind === 'git' && lever.secret !== undefined ? [lever.secret] : [],
    eksClusters: asked.map((name) => arnIn(armed, 'eks', `cluster/${name}`)),
  };
}

/** Its alarms know the partition. */
function arnIn({ account, region, alarms }: ArmedService, of: string, what: string): string {
  const partition = alarms[0]?.arn.split(':')[1] ?? 'aws';
  return `arn:${partition}:${of}:${region}:${account}:${what}`;
}
