/** Permissions, written by hand: CDK's grants emit wildcard actions. One function per need. */
import type { FunctionName } from '../core/function-env.ts';
import {
  type LeverReach,
  leverPermissions,
  type Permission,
  reachClusters,
  readGitSecrets,
  readSecrets,
  readSettings,
} from '../core/lever-permissions.ts';
import { NAMESPACE } from '../core/metrics.ts';

export type { Permission } from '../core/lever-permissions.ts';

/** ARNs of all that functions touch. Lists may be empty: then there is nothing to permit. */
export interface Reach extends LeverReach {
  readonly table: string;
  readonly bucket: string;
  /** The pages topic, and the topics that runbooks name themselves. */
  readonly topics: readonly string[];
  readonly pagesKey: string;
  readonly machine: string;
  /** Executions of the machine, all of them. */
  readonly executions: string;
  /** The secrets with tokens of Slack and keys of PagerDuty. */
  readonly channelSecrets: readonly string[];
  /** Alarms against the baseline: their thresholds follow it. */
  readonly movedAlarms: readonly string[];
}

const ledger = ({ table }: Reach): Permission => ({
  // A TransactWriteItems is allowed by the actions of its parts.
  actions: ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map(
    (action) => `dynamodb:${action}`,
  ),
  resources: [table],
});

const readFlags = ({ flags }: Reach): Permission => ({ actions: ['ssm:GetParameter'], resources: flags });

const readSignals = (): Permission => ({
  actions: ['cloudwatch:GetMetricData', 'cloudwatch:DescribeAlarms'],
  resources: ['*'],
  reason:
    'GetMetricData has no resource-level permissions; DescribeAlarms answers for composite alarms only when it is allowed on *',
});

const beat = (): Permission => ({
  actions: ['cloudwatch:PutMetricData'],
  resources: ['*'],
  reason: 'PutMetricData has no resource-level permissions; the condition narrows it to our namespace',
  conditions: { StringEquals: { 'cloudwatch:namespace': NAMESPACE } },
});

/** Only these: whoever may put any alarm may silence it. */
const moveAlarms = ({ movedAlarms }: Reach): Permission => ({
  actions: ['cloudwatch:PutMetricAlarm'],
  resources: movedAlarms,
});

const writeReports = ({ bucket }: Reach): Permission => ({
  actions: ['s3:PutObject'],
  resources: [`${bucket}/*`],
  reason: 'Reports are named by incident and fence, which no deploy knows',
});

const say = ({ topics }: Reach): Permission => ({ actions: ['sns:Publish'], resources: topics });

const sayEncrypted = ({ pagesKey }: Reach): Permission => ({
  actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
  resources: [pagesKey],
});

const readChannelSecrets = ({ channelSecrets }: Reach): Permission => ({
  actions: ['secretsmanager:GetSecretValue'],
  resources: channelSecrets,
});

const page = (reach: Reach): Permission[] => [say(reach), sayEncrypted(reach), readChannelSecrets(reach)];

const watchExecutions = ({ executions }: Reach): Permission => ({
  actions: ['states:DescribeExecution'],
  resources: [executions],
  reason: 'Executions of our machine are named by EventBridge and by people',
});

const startExecutions = ({ machine }: Reach): Permission => ({
  actions: ['states:StartExecution'],
  resources: [machine],
});

const trace = (): Permission => ({
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
  reason: 'X-Ray has no resource-level permissions for writing traces',
});

const openIncident = (r: Reach) => [readSettings(r), readSignals(), watchExecutions(r), ...page(r)];
const planRollback = (r: Reach) => [readFlags(r), readSecrets(r), ...reachClusters(r), readGitSecrets(r)];
const holdPromotion = (r: Reach) => [readSettings(r), readSecrets(r)];
const verifyRecovery = (r: Reach) => [
  readSignals(),
  readFlags(r),
  readSecrets(r),
  ...reachClusters(r),
  readGitSecrets(r),
  ...page(r),
];
const closeIncident = (r: Reach) => [
  readSettings(r),
  readSignals(),
  readSecrets(r),
  writeReports(r),
  ...page(r),
];
/** It also closes what nobody else can. */
const sweeper = (r: Reach) => [
  ...closeIncident(r),
  watchExecutions(r),
  startExecutions(r),
  beat(),
  moveAlarms(r),
];

const BY_FUNCTION = {
  'open-incident': openIncident,
  'plan-rollback': planRollback,
  'hold-promotion': holdPromotion,
  'apply-flag': leverPermissions.flag,
  'apply-alias': leverPermissions.alias,
  'apply-rollout': leverPermissions.rollout,
  'apply-deployment': leverPermissions.deployment,
  'apply-helm': leverPermissions.helm,
  'apply-git': leverPermissions.git,
  'verify-recovery': verifyRecovery,
  'close-incident': closeIncident,
  sweeper,
} satisfies Record<FunctionName, (reach: Reach) => Permission[]>;

/** All that a function may do, but for writing its own log. */
export const functionPermissions = (name: FunctionName, reach: Reach): Permission[] =>
  [ledger(reach), ...BY_FUNCTION[name](reach), trace()].filter(({ resources }) => resources.length > 0);

/** Writing one's own log, and nobody else's. */
export const writeLog = (logGroup: string): Permission => ({
  actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  resources: [logGroup],
});

/**
 * What Lambda does in the name of a function that is in a VPC, and the function's own code may not
 * (AWS docs, "Giving Lambda functions access to resources in an Amazon VPC").
 */
export const joinNetwork = (functionArn: string): Permission[] => {
  const use = ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DeleteNetworkInterface'];
  const change = [...use, 'AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'].map((a) => `ec2:${a}`);
  const everywhere = { resources: ['*'], reason: 'No deploy knows the network interfaces that Lambda makes' };
  return [
    { ...everywhere, actions: [...change, 'ec2:DescribeSubnets'] },
    {
      ...everywhere,
      effect: 'Deny',
      actions: change,
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
    },
  ];
};

/** What the state machine may do: invoke exactly these functions, log and trace. */
export const machinePermissions = (functions: readonly string[]): Permission[] => [
  { actions: ['lambda:InvokeFunction'], resources: functions },
  {
    actions: ['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery']
      .concat('ListLogDeliveries', 'PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups')
      .map((action) => `logs:${action}`),
    resources: ['*'],
    reason: 'Log delivery has no resource-level permissions',
  },
  {
    ...trace(),
    actions: [...trace().actions, 'xray:GetSamplingRules', 'xray:GetSamplingTargets'],
  },
];

/** What rules may do: start executions of the machine. */
export const rulePermissions = (machine: string): Permission[] => [
  { actions: ['states:StartExecution'], resources: [machine] },
];
