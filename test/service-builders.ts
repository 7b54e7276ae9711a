/** The demo's service and its parts, with what a test needs different. */
import { armedAlarms } from '../lib/core/alarms.ts';
import type {
  AliasLever,
  ArmedService,
  Condition,
  DeploymentLever,
  FlagLever,
  GitLever,
  HelmLever,
  Policy,
  RolloutLever,
  Service,
  Signal,
} from '../lib/core/service.ts';

/** Saturday 2026-11-21 09:04:00 UTC: when the alarm of these tests changes its state. */
export const ALARM_AT = Date.UTC(2026, 10, 21, 9, 4);
/** So many seconds after the alarm. */
export const at = (seconds: number): number => ALARM_AT + seconds * 1000;

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const ENVIRONMENT = 'local';
export const FLAG = 'flag:/shop/recommender/new-features';
export const CHAMPION = 'alias:recommender@champion';
export const PREVIOUS = 'alias:recommender@previous_champion';
export const ROLLED_BACK = 'alias:recommender@rolled_back';

export const alarmArn = (signal: string): string =>
  `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:reinstate-${ENVIRONMENT}-recommender-${signal}`;
export const executionArn = (name: string): string =>
  `arn:aws:states:${REGION}:${ACCOUNT}:execution:reinstate:${name}`;

export const aSignal = (over: Partial<Signal> = {}): Signal => ({
  name: 'error-ratio',
  metric: { namespace: 'Reinstate/Recommender', name: 'error-ratio', dimensions: { service: 'recommender' } },
  statistic: 'Average',
  periodSeconds: 10,
  unit: 'ratio',
  lagSeconds: 0,
  missing: 'inconclusive',
  ...over,
});

export const aFlag = (over: Partial<FlagLever> = {}): FlagLever => ({
  kind: 'flag',
  name: 'new-features',
  parameter: '/shop/recommender/new-features',
  safe: 'false',
  alwaysSafe: false,
  cacheSeconds: 5,
  served: { url: 'http://127.0.0.1:8080/version', path: 'flags.new-features' },
  ...over,
});

export const anAlias = (over: Partial<AliasLever> = {}): AliasLever => ({
  kind: 'alias',
  name: 'champion',
  model: 'recommender',
  alias: 'champion',
  reload: 'http://127.0.0.1:8080/reload',
  cacheSeconds: 0,
  served: { url: 'http://127.0.0.1:8080/version', path: 'version' },
  ...over,
});

export const aRollout = (over: Partial<RolloutLever> = {}): RolloutLever => ({
  kind: 'rollout',
  name: 'model-canary',
  cluster: 'shop',
  namespace: 'ml',
  rollout: 'model-svc',
  part: 'traffic',
  cacheSeconds: 0,
  ...over,
});

export const aDeployment = (over: Partial<DeploymentLever> = {}): DeploymentLever => ({
  kind: 'deployment',
  name: 'model-pods',
  cluster: 'shop',
  namespace: 'ml',
  deployment: 'model-svc',
  cacheSeconds: 0,
  ...over,
});

export const aRelease = (over: Partial<HelmLever> = {}): HelmLever => ({
  kind: 'helm',
  name: 'model-release',
  cluster: 'shop',
  namespace: 'ml',
  release: 'model-svc',
  cacheSeconds: 0,
  ...over,
});

export const aBranch = (over: Partial<GitLever> = {}): GitLever => ({
  kind: 'git',
  name: 'deploy',
  repository: 'https://git.example.com/shop/deploy.git',
  branch: 'main',
  paths: ['model-svc'],
  others: [],
  host: 'plain',
  conflict: 'paths',
  application: { cluster: 'shop', namespace: 'argocd', name: 'model-svc' },
  cacheSeconds: 0,
  ...over,
});

const CONDITIONS = {
  latency: { signal: 'latency', is: '>', threshold: 250, datapoints: 3, of: 5 },
  'error-ratio': { signal: 'error-ratio', is: '>', threshold: 0.05, datapoints: 3, of: 5 },
  auc: { signal: 'auc', is: '<', threshold: 0.7, datapoints: 3, of: 5 },
} as const satisfies Record<string, Condition>;

/** `latency > 250 for 3 of 5` and its like, by the signal's name. */
export const aCondition = (signal: keyof typeof CONDITIONS, over: Partial<Condition> = {}): Condition => ({
  ...CONDITIONS[signal],
  ...over,
});

export const aPolicy = (over: Partial<Policy> = {}): Policy => ({
  when: [aCondition('latency'), aCondition('error-ratio'), aCondition('auc')],
  do: [[{ lever: 'new-features', verb: 'off' }], [{ lever: 'champion', verb: 'back' }]],
  verify: [
    { signal: 'error-ratio', is: '<', threshold: 0.01, datapoints: 6, of: 6 },
    { signal: 'auc', is: '>', threshold: 0.75, datapoints: 6, of: 6 },
    { signal: 'latency', is: '<', threshold: 250, datapoints: 6, of: 6 },
  ],
  ...over,
});

export interface ServiceOver extends Partial<Omit<Service, 'policy' | 'runbook'>> {
  readonly policy?: Partial<Policy>;
  readonly runbook?: Partial<Service['runbook']>;
}

/** The demo's service: latency, error ratio and AUC every 10 s; the flag off, then the champion back. */
export const aService = ({ policy, runbook, ...over }: ServiceOver = {}): Service => ({
  name: 'recommender',
  signals: [aSignal({ name: 'latency', statistic: 'p95', unit: 'ms' }), aSignal(), aSignal({ name: 'auc' })],
  levers: [aFlag(), anAlias()],
  runbook: {
    goalSeconds: 300,
    call: [{ kind: 'email', to: 'recommender-oncall@example.com' }],
    preApproved: ['new-features', 'champion'],
    ...runbook,
  },
  policy: aPolicy(policy),
  ...over,
});

export interface ArmedOver extends Partial<Omit<ArmedService, 'service'>> {
  readonly service?: ServiceOver;
}

/** As a deploy to `local` arms it, in mode act, with an alarm for each condition. */
export function anArmedService({ service: spoiled, ...over }: ArmedOver = {}): ArmedService {
  const service = aService(spoiled);
  const place = { name: ENVIRONMENT, account: ACCOUNT, region: REGION };
  return {
    environment: ENVIRONMENT,
    account: ACCOUNT,
    region: REGION,
    firstMode: 'act',
    insecureLocal: true,
    mlflow: { url: 'http://127.0.0.1:5000' },
    alarms: armedAlarms(place, service),
    service,
    ...over,
  };
}
