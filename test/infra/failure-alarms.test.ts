import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { resources, templateOf } from './helpers/deployment.ts';

describe('F49, F50: an execution that ends badly', () => {
  it.each(['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsAborted'])(
    'pages by an alarm on %s, which needs no function of ours (I5)',
    (MetricName) => {
      templateOf().hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'AWS/States',
        MetricName,
        Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: Match.stringLikeRegexp('IncidentMachine') } }],
        Statistic: 'Sum',
        Threshold: 1,
        TreatMissingData: 'notBreaching',
        AlarmActions: [{ Ref: Match.stringLikeRegexp('PagesTopic') }],
      });
    },
  );

  it('leaves no alarm of ours that calls nobody', () => {
    const own = Object.values(resources(templateOf(), 'AWS::CloudWatch::Alarm')).filter((alarm) =>
      String(alarm.Properties['AlarmName']).startsWith('Reinstate '),
    );

    expect(own.length).toBeGreaterThanOrEqual(5);
    for (const alarm of own) expect(alarm.Properties['AlarmActions']).not.toEqual([]);
  });
});
