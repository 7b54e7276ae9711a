import type { CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';

/** How an alarm on a count compares that calls for the first one, within a minute; nothing counted is well. */
export const AT_THE_FIRST = {
  period: 60,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  threshold: 1,
  comparisonOperator: 'GreaterThanOrEqualToThreshold',
  treatMissingData: 'notBreaching',
} as const satisfies Partial<CfnAlarmProps>;
