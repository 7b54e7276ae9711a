import { describe, expect, it } from '@jest/globals';
import { type AlarmReading, judge } from '../../lib/core/verdict.ts';
import { alarmArn } from '../builders.ts';
import { aJudgeInput, readings, reasonsOf, since, verdictOf } from './judging.ts';

const reading = (over: Partial<AlarmReading> = {}): AlarmReading => ({
  arn: alarmArn('error-ratio'),
  state: 'ALARM',
  since: since(-60),
  windowSeconds: 50,
  ...over,
});
const lookAgainAt = (alarms: AlarmReading[], now = since(65)) => {
  const judgement = judge(aJudgeInput({ alarms, now }));
  return judgement.kind === 'verdict' ? judgement.record.lookAgainAt : 'pending';
};

describe('judge and attached alarms', () => {
  it.each(['OK', 'INSUFFICIENT_DATA', 'MISSING'] as const)('recovered when the alarm is %s', (state) => {
    expect(verdictOf({ alarms: [reading({ state })] })).toBe('recovered');
    expect(lookAgainAt([reading({ state })])).toBeUndefined();
  });

  it('not yet, when the alarm is red for what came after the switch', () => {
    expect(verdictOf({ alarms: [reading()] })).toBe('pending until 75');
    expect(reasonsOf({ alarms: [reading()], now: since(135) })).toEqual([
      `alarm ${alarmArn('error-ratio')} is ALARM`,
    ]);
  });

  it('recovered when its own window still reaches back before the switch: it is looked at again after that', () => {
    expect(lookAgainAt([reading({ windowSeconds: 300 })])).toBe(since(300));
  });

  it('looks again after the longest window of those that are red', () => {
    const green = reading({ state: 'OK', windowSeconds: 900 });
    const red = [reading({ windowSeconds: 300 }), reading({ windowSeconds: 600 })];

    expect(lookAgainAt([green, ...red])).toBe(since(600));
  });

  it('excuses a red alarm up to the end of its window, and no longer', () => {
    expect(verdictOf({ alarms: [reading({ windowSeconds: 65.001 })] })).toBe('recovered');
    expect(verdictOf({ alarms: [reading({ windowSeconds: 65 })] })).toMatch(/^pending/);
  });

  it('an alarm that cannot be read is not well', () => {
    expect(verdictOf({ alarms: [reading({ state: 'UNKNOWN', windowSeconds: 0 })] })).toMatch(/^pending/);
  });

  it('keeps no look for later where it is not recovered', () => {
    const alarms = [reading({ windowSeconds: 300 })];
    const judgement = judge(aJudgeInput({ alarms, datapoints: readings({ auc: '--' }) }));

    expect(judgement).toMatchObject({ record: { verdict: 'not-recovered', alarms } });
    expect(judgement).not.toHaveProperty(['record', 'lookAgainAt']);
  });
});
