import { describe, expect, it } from '@jest/globals';
import { alarmsOf } from '../../lib/core/alarms.ts';
import { NotReady } from '../../lib/core/errors.ts';
import {
  FUNCTION_ENV,
  FUNCTION_NAMES,
  packAlarms,
  readFunctionEnv,
  unpackAlarms,
} from '../../lib/core/function-env.ts';
import { aService, aSignal } from '../builders.ts';

const EVERY = {
  ENVIRONMENT: 'prod',
  TABLE_NAME: 'reinstate-prod',
  POWERTOOLS_LOG_LEVEL: 'INFO',
  POWERTOOLS_SERVICE_NAME: 'apply-flag',
};

describe('FUNCTION_ENV: a function knows no more than its work needs', () => {
  const knows = (key: string) =>
    FUNCTION_NAMES.filter((name) => (FUNCTION_ENV[name] as readonly string[]).includes(key));

  it.each([
    ['the table, and what it logs as', Object.keys(EVERY), FUNCTION_NAMES],
    ['whose alarms count: who opens', ['ACCOUNT', 'ALARMS'], ['open-incident', 'sweeper']],
    ['what it may start and stop: who opens', ['STATE_MACHINE_ARN'], ['open-incident', 'sweeper']],
    ['where reports go: who closes', ['REPORTS_BUCKET'], ['close-incident', 'sweeper']],
    [
      'whom to page: who pages',
      ['PAGES_TOPIC_ARNS'],
      ['open-incident', 'verify-recovery', 'close-incident', 'sweeper'],
    ],
  ])('%s', (_, variables, functions) => {
    for (const key of variables) expect(knows(key)).toEqual(functions);
  });

  it('and nothing else', () => {
    expect(new Set(Object.values(FUNCTION_ENV).flat()).size).toBe(11);
  });
});

describe('readFunctionEnv', () => {
  it('reads what the function needs and leaves the rest', () => {
    expect(readFunctionEnv('apply-flag', { ...EVERY, PATH: '/bin' })).toEqual(EVERY);
  });

  it('names all that is missing or empty at once, before anything is done', () => {
    const read = () => readFunctionEnv('close-incident', { ...EVERY, TABLE_NAME: '' });

    expect(read).toThrow(NotReady);
    expect(read).toThrow(
      'Cannot start function "close-incident": TABLE_NAME, PAGED, PAGES_TOPIC_ARNS, REPORTS_BUCKET not set; deploy it again',
    );
  });
});

describe('packAlarms and unpackAlarms', () => {
  const place = { name: 'prod', account: '111122223333', region: 'cn-north-1' };
  const machine = 'arn:aws-cn:states:cn-north-1:111122223333:stateMachine:reinstate-prod-incident';
  const elsewhere = 'arn:aws-cn:cloudwatch:cn-north-1:111122223333:alarm:p95-too-high';

  it('carry our own alarms by name, others by ARN, and give all of them back as ARNs', () => {
    const signals = [aSignal({ name: 'latency', alarm: elsewhere }), aSignal(), aSignal({ name: 'auc' })];
    const alarms = alarmsOf(place, aService({ signals }));

    const packed = packAlarms({ recommender: alarms, search: [] });

    expect(JSON.parse(packed)).toEqual({
      recommender: [elsewhere, 'reinstate-prod-recommender-error-ratio', 'reinstate-prod-recommender-auc'],
      search: [],
    });
    expect(unpackAlarms(packed, machine)).toEqual({ recommender: alarms.map((a) => a.arn), search: [] });
  });
});
