import type { ServiceAlarm } from './alarms.ts';
import type { AllowList } from './door.ts';
import { NotReady } from './errors.ts';

/** The functions of a deployment; each is one file of that name in `lambdas/`. */
export const FUNCTION_NAMES = [
  'open-incident',
  'plan-rollback',
  'hold-promotion',
  'apply-flag',
  'apply-alias',
  'apply-rollout',
  'apply-deployment',
  'apply-helm',
  'apply-git',
  'verify-recovery',
  'close-incident',
  'sweeper',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** `plan-rollback` is the state `PlanRollback`: one name, four places. */
export const pascal = (name: string): string =>
  name.replace(/(^|-)([a-z])/g, (_, __, letter) => letter.toUpperCase());

/**
 * Seconds each function may take. A task waits for 10 more, so that a function is over before its task times out,
 * even with the 5 seconds of margin that `actUntil` adds.
 */
export const FUNCTION_TIMEOUT_SECONDS = {
  'open-incident': 20,
  'plan-rollback': 30,
  'hold-promotion': 20,
  'apply-flag': 20,
  'apply-alias': 25,
  'apply-rollout': 25,
  'apply-deployment': 25,
  'apply-helm': 45,
  'apply-git': 50,
  'verify-recovery': 25,
  'close-incident': 30,
  sweeper: 50,
} as const satisfies Record<FunctionName, number>;

const EVERY = ['ENVIRONMENT', 'TABLE_NAME', 'POWERTOOLS_LOG_LEVEL', 'POWERTOOLS_SERVICE_NAME'] as const;

/** What each function finds in its environment: the deploy sets exactly these, the function reads no others. */
export const FUNCTION_ENV = {
  'open-incident': [...EVERY, 'ACCOUNT', 'ALARMS', 'PAGED', 'PAGES_TOPIC_ARNS', 'STATE_MACHINE_ARN'],
  'plan-rollback': EVERY,
  'hold-promotion': EVERY,
  'apply-flag': EVERY,
  'apply-alias': EVERY,
  'apply-rollout': EVERY,
  'apply-deployment': EVERY,
  'apply-helm': [...EVERY, 'HELM_PATH'],
  'apply-git': EVERY,
  'verify-recovery': [...EVERY, 'PAGED', 'PAGES_TOPIC_ARNS'],
  'close-incident': [...EVERY, 'PAGED', 'PAGES_TOPIC_ARNS', 'REPORTS_BUCKET'],
  sweeper: [
    ...EVERY,
    'ACCOUNT',
    'ALARMS',
    'PAGED',
    'PAGES_TOPIC_ARNS',
    'REPORTS_BUCKET',
    'STATE_MACHINE_ARN',
  ],
} as const satisfies Record<FunctionName, readonly string[]>;

/** What a function is to a cluster. Whoever looks is a reader, people with the command line too. */
export const CLUSTER_PARTS = {
  'plan-rollback': 'reader',
  'apply-alias': 'alias',
  'apply-rollout': 'rollout',
  'apply-deployment': 'deployment',
  'apply-helm': 'helm',
  'apply-git': 'git',
  'verify-recovery': 'reader',
} as const satisfies Partial<Record<FunctionName, string>>;
export type ClusterFunction = keyof typeof CLUSTER_PARTS;
export type ClusterPart = (typeof CLUSTER_PARTS)[ClusterFunction];

/** The group of Kubernetes that roles are bound to. Two environments may share a cluster, and no rights in it. */
export const clusterGroup = (environment: string, part: ClusterPart): string =>
  `reinstate:${environment}:${part}`;

/** The environment of one function, by name: what is forgotten does not compile. */
export type FunctionEnv<F extends FunctionName> = F extends FunctionName
  ? { readonly [K in (typeof FUNCTION_ENV)[F][number]]: string }
  : never;

/** The environment of a function, read at its cold start. @throws NotReady with every name that is missing. */
export function readFunctionEnv<F extends FunctionName>(
  name: F,
  source: Readonly<Record<string, string | undefined>>,
): FunctionEnv<F> {
  const wanted: readonly string[] = FUNCTION_ENV[name];
  const missing = wanted.filter((key) => !source[key]);
  if (missing.length > 0) {
    throw new NotReady(`Cannot start function "${name}": ${missing.join(', ')} not set; deploy it again`);
  }
  return Object.fromEntries(wanted.map((key) => [key, source[key]])) as FunctionEnv<F>;
}

/** The allow-list as `ALARMS` carries it: our own alarms by name, since all variables together get 4 KB. */
export const packAlarms = (alarms: Readonly<Record<string, readonly ServiceAlarm[]>>): string =>
  JSON.stringify(
    Object.fromEntries(
      Object.entries(alarms).map(([service, list]) => [
        service,
        list.map((a) => (a.existing ? a.arn : a.name)),
      ]),
    ),
  );

/** What `packAlarms` packed, as ARNs; partition, account and region are those of our state machine. */
export function unpackAlarms(text: string, machineArn: string): AllowList {
  const [, partition, , region, account] = machineArn.split(':');
  const own = `arn:${partition}:cloudwatch:${region}:${account}:alarm:`;
  const long = (alarm: string) => (alarm.startsWith('arn:') ? alarm : own + alarm);
  const packed = JSON.parse(text) as AllowList;
  return Object.fromEntries(Object.entries(packed).map(([service, list]) => [service, list.map(long)]));
}
