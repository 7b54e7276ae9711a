import { describe, expect, it } from '@jest/globals';
import {
  MODES,
  parameterNames,
  reportsBucketName,
  stateMachineArn,
  stateMachineName,
  strictest,
  tableName,
} from '../../lib/core/environment.ts';

describe('I7: strictest', () => {
  it.each([
    [['act', 'observe'], 'observe'],
    [['observe', 'off'], 'off'],
    [['off', 'act'], 'off'],
    [['act', 'act'], 'act'],
    [[undefined, 'act'], 'act'],
    [['observe', undefined], 'observe'],
  ] as const)('of %j is %s', (votes, mode) => {
    expect(strictest(votes, 'act')).toBe(mode);
  });

  it.each(MODES)('takes the first mode (%s) when nobody voted', (first) => {
    expect(strictest([undefined, undefined], first)).toBe(first);
  });

  it('does not let the first mode vote: an operator may raise it', () => {
    expect(strictest(['act', undefined], 'observe')).toBe('act');
  });
});

describe('names that are fixed, so that the command line finds what the deploy made', () => {
  const prod = { name: 'prod', account: '111122223333', region: 'eu-west-1' };

  it('parameters: the mode, and what is armed', () => {
    const names = parameterNames('prod');

    expect([names.mode, names.serviceMode('recommender')]).toEqual([
      '/reinstate/prod/mode',
      '/reinstate/prod/recommender/mode',
    ]);
    expect(names.armed('recommender')).toBe('/reinstate/prod/armed/recommender');
    expect(names.armed('recommender')).toBe(`${names.armedPath}/recommender`);
  });

  it('the table, the state machine and the bucket: one of each in an environment', () => {
    expect(tableName('prod')).toBe('reinstate-prod');
    expect(stateMachineName('prod')).toBe('reinstate-prod-incident');
    expect(stateMachineArn(prod)).toBe(
      'arn:aws:states:eu-west-1:111122223333:stateMachine:reinstate-prod-incident',
    );
    expect(reportsBucketName(prod)).toBe('reinstate-prod-reports-111122223333-eu-west-1');
  });
});
