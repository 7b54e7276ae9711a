import { describe, expect, it } from '@jest/globals';
import { FUNCTION_NAMES, type FunctionName } from '../../lib/core/function-env.ts';
import { ACCOUNT, aServiceAgainstBaseline, functionIn, REGION, templateOf } from './helpers/deployment.ts';
import { isAllowed, statementsOf } from './helpers/policy.ts';

const template = templateOf({ services: [aServiceAgainstBaseline()] });

function may(name: FunctionName, action: string, signal: string): boolean {
  const role = functionIn(template, name).Properties.Role['Fn::GetAtt'][0];
  const resource = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:reinstate-prod-recommender-${signal}`;
  return isAllowed(statementsOf(template, role), { action: `cloudwatch:${action}`, resource });
}

describe('the permission to move alarms', () => {
  it('is of the sweeper alone, for the alarms that are held against the baseline', () => {
    const movers = FUNCTION_NAMES.filter((name) => may(name, 'PutMetricAlarm', 'auc'));

    expect(movers).toEqual(['sweeper']);
    expect(may('sweeper', 'PutMetricAlarm', 'latency')).toBe(false);
  });

  it.each(['DeleteAlarms', 'DisableAlarmActions', 'SetAlarmState'])('lets nobody %s', (action) => {
    expect(FUNCTION_NAMES.filter((name) => may(name, action, 'auc'))).toEqual([]);
  });
});
