import { describe, expect, it } from '@jest/globals';
import { alarmsOf } from '../../lib/core/alarms.ts';
import { packAlarms, readFunctionEnv, unpackAlarms } from '../../lib/core/function-env.ts';
import { anEnvironment, aService, aSignal } from './helpers/deployment.ts';

describe('readFunctionEnv', () => {
  const every = {
    ENVIRONMENT: 'prod',
    TABLE_NAME: 't',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    POWERTOOLS_SERVICE_NAME: 's',
  };

  it('reads what the function needs and nothing else', () => {
    expect(readFunctionEnv('apply-flag', { ...every, PATH: '/bin' })).toEqual(every);
  });

  it('names all that is missing at once', () => {
    expect(() => readFunctionEnv('close-incident', { ...every, TABLE_NAME: '' })).toThrow(
      'Cannot start function "close-incident": TABLE_NAME, PAGED, PAGES_TOPIC_ARNS, REPORTS_BUCKET not set; deploy it again',
    );
  });
});

describe('the allow-list', () => {
  const MACHINE = 'arn:aws-cn:states:cn-north-1:111122223333:stateMachine:reinstate-prod-incident';
  const elsewhere = 'arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:p95-too-high';

  it('comes out as it went in, in any partition, with alarms that were there before', () => {
    const environment = anEnvironment({ region: 'cn-north-1' });
    const alarms = alarmsOf(
      environment,
      aService({ signals: [aSignal({ alarm: elsewhere }), aSignal({ name: 'auc' })] }),
    );

    const packed = packAlarms({ recommender: alarms });

    expect(packed).toBe(`{"recommender":["${elsewhere}","reinstate-prod-recommender-auc"]}`);
    expect(unpackAlarms(packed, MACHINE)).toEqual({ recommender: alarms.map((a) => a.arn) });
  });
});
