import type { ArmedService, CallEntry, Cluster, Mlflow } from './service.ts';

/** What may be written: nothing at all, nothing but the plan, or the levers. The stricter of two wins. */
export type Mode = 'off' | 'observe' | 'act';
export const MODES = ['off', 'observe', 'act'] as const satisfies readonly Mode[];

/** One deployment, from `environments/<name>/environment.yaml`. */
export interface Environment {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** The mode until someone sets one. @default observe */
  readonly mode: Mode;
  /** Goal for time to recover where a runbook names none. @default 300 */
  readonly goalSeconds: number;
  /** Allows loopback and plain http for levers' URLs; refused outside `local`. @default false */
  readonly insecureLocal: boolean;
  readonly mlflow?: Mlflow;
  /** Clusters of Kubernetes, by the name levers use. */
  readonly clusters?: Readonly<Record<string, Cluster>>;
  /** Who is paged for every service, beside the service's own `call`. */
  readonly paged: readonly CallEntry[];
}

/**
 * What the placeholders of `local` stand for while no cluster is up. Nobody listens there: what asks for a cluster says
 * that it cannot be reached.
 */
export const NO_CLUSTER = { url: 'https://127.0.0.1:6443', ca: 'bm9uZQ==' } as const;

/** The same for a Git host. */
export const NO_GIT = 'https://127.0.0.1:3000';

/** The stricter of the modes that voted; `first` when none did. */
export const strictest = (votes: readonly (Mode | undefined)[], first: Mode): Mode =>
  MODES.find((mode) => votes.includes(mode)) ?? first;

/** What each service of an environment is armed with, beside what is its own. */
export const armedWith = (environment: Environment): Omit<ArmedService, 'alarms' | 'service'> => ({
  environment: environment.name,
  account: environment.account,
  region: environment.region,
  firstMode: environment.mode,
  insecureLocal: environment.insecureLocal,
  ...(environment.mlflow && { mlflow: environment.mlflow }),
  ...(environment.clusters && { clusters: environment.clusters }),
});

/** The SSM parameters of an environment; `arm` and the mode are the only ones Reinstate has. */
export const parameterNames = (environment: string) => ({
  mode: `/reinstate/${environment}/mode`,
  armedPath: `/reinstate/${environment}/armed`,
  serviceMode: (service: string) => `/reinstate/${environment}/${service}/mode`,
  armed: (service: string) => `/reinstate/${environment}/armed/${service}`,
});

/** Fixed name of the state machine: a generated one makes a cycle with the permissions to describe executions. */
export const stateMachineName = (environment: string): string => `reinstate-${environment}-incident`;

/** Fixed name of the table, so that the command line finds it without asking CloudFormation. */
export const tableName = (environment: string): string => `reinstate-${environment}`;

/** Fixed name of the reports bucket; account and region make it unique in the world. */
export const reportsBucketName = ({
  name,
  account,
  region,
}: Pick<Environment, 'name' | 'account' | 'region'>): string =>
  `reinstate-${name}-reports-${account}-${region}`;

/** A report without its ending, `.html` or `.json`: by incident and fence. */
export const reportName = (
  { service, id }: { readonly service: string; readonly id: string },
  fence: number,
) => `${service}/${id}/${fence}`;

/** Where a person with access to the account reads an object of the reports bucket. */
export function reportLink(at: Pick<Environment, 'name' | 'account' | 'region'>, name: string): string {
  const query = new URLSearchParams({ region: at.region, prefix: `${name}.html` });
  return `https://${at.region}.console.aws.amazon.com/s3/object/${reportsBucketName(at)}?${query}`;
}

/** ARN of the incident state machine. */
export const stateMachineArn = ({
  name,
  account,
  region,
}: Pick<Environment, 'name' | 'account' | 'region'>): string =>
  `arn:aws:states:${region}:${account}:stateMachine:${stateMachineName(name)}`;
