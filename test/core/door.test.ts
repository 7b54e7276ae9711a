import { describe, expect, it } from '@jest/globals';
import { admitAlarm, breachIsReal, breachWindow, staleness } from '../../lib/core/door.ts';
import { ACCOUNT, aCondition, alarmArn, anAlarmTrigger, aSignal, at, REGION } from '../builders.ts';

const rules = (over: Partial<Parameters<typeof admitAlarm>[1]> = {}) => ({
  account: ACCOUNT,
  region: REGION,
  allowed: { recommender: [alarmArn('latency'), alarmArn('error-ratio')], search: [alarmArn('recall')] },
  ...over,
});

describe('admitAlarm', () => {
  it('names the service whose allow-list holds the alarm', () => {
    expect(admitAlarm(anAlarmTrigger(), rules())).toEqual({ service: 'recommender' });
    expect(admitAlarm(anAlarmTrigger({ alarmArn: alarmArn('recall') }), rules())).toEqual({
      service: 'search',
    });
  });

  it('refuses and pages for an alarm that is on no list', () => {
    expect(admitAlarm(anAlarmTrigger({ alarmArn: alarmArn('cpu'), alarmName: 'cpu' }), rules())).toEqual({
      refusal: {
        reason: 'alarm "cpu" belongs to no service of this environment',
        wakes: true,
        about: alarmArn('cpu'),
      },
    });
  });

  it.each([
    ['account', { account: '111111111111' }],
    ['region', { region: 'eu-west-1' }],
  ])('refuses and pages for an event of another %s, also with an alarm of ours', (_, over) => {
    expect(admitAlarm(anAlarmTrigger(over), rules())).toMatchObject({
      refusal: { reason: expect.stringMatching(/not from ours$/), wakes: true },
    });
  });

  it.each([
    ['OK', 'without a page', false],
    ['INSUFFICIENT_DATA', 'and pages', true],
  ])('F04: refuses state %s %s', (state, _, wakes) => {
    expect(admitAlarm(anAlarmTrigger({ state }), rules())).toMatchObject({
      refusal: { reason: `the alarm's state is ${state}, not ALARM`, wakes },
    });
  });

  it('is not misled by a service that is named like an attribute of every object', () => {
    const allowed = JSON.parse('{"__proto__": ["x"], "constructor": []}');

    expect(admitAlarm(anAlarmTrigger(), rules({ allowed }))).toHaveProperty('refusal');
  });
});

describe('staleness', () => {
  it('F05: refuses an event of more than ten minutes without a page', () => {
    expect(staleness(anAlarmTrigger(), at(601))).toEqual({
      reason: 'the event is 10 minutes old (stale)',
      wakes: false,
      about: anAlarmTrigger().alarmArn,
    });
  });

  it('says nothing of an event of ten minutes, or of one from a clock that is ahead (F14)', () => {
    expect(staleness(anAlarmTrigger(), at(600))).toBeUndefined();
    expect(staleness(anAlarmTrigger(), at(-300))).toBeUndefined();
  });
});

describe('breachWindow', () => {
  const atOnce = { at: at(3), now: at(4) };

  it('reaches back over the periods that the alarm looked at, and a late one, on the grid of the signal', () => {
    const { from, slack } = breachWindow(aSignal(), 5, atOnce);

    expect(slack).toBe(15_000);
    expect(from).toBe(at(-70));
  });

  it('reaches further back for a signal whose datapoints come late', () => {
    const { from } = breachWindow(aSignal({ lagSeconds: 60 }), 5, atOnce);

    expect(from).toBe(at(-130));
  });

  it('reaches back to before the alarm fired, also some minutes later', () => {
    expect(breachWindow(aSignal(), 5, { at: at(0), now: at(600) }).from).toBe(at(-70));
  });

  it('B9: reaches back less than 3 hours for an alarm that has been red for longer', () => {
    const { from } = breachWindow(aSignal(), 5, { at: at(0), now: at(5 * 3600) });

    expect(from).toBe(at((5 - 2.75) * 3600));
  });

  it('B9: reaches back over all periods of an alarm that looks at more than 3 hours', () => {
    const { from } = breachWindow(aSignal({ periodSeconds: 3600 }), 4, { at: at(0), now: at(60) });

    expect(from).toBeLessThanOrEqual(at(-4 * 3600));
  });

  it('B9, F14: reaches back as far for an alarm whose clock is ahead', () => {
    expect(breachWindow(aSignal(), 5, { at: at(300), now: at(3) })).toEqual(
      breachWindow(aSignal(), 5, { at: at(3), now: at(3) }),
    );
  });
});

describe('F06: breachIsReal', () => {
  const armed = { arn: alarmArn('error-ratio'), condition: aCondition('error-ratio') };
  const points = (...values: number[]) => values.map((value, i) => ({ at: at(-60 + i * 10), value }));

  it('believes an alarm whose metric breached as often as its condition asks', () => {
    const datapoints = points(0, 0.2, 0.3, 0, 0.2);

    expect(breachIsReal(armed, aSignal(), { datapoints, periods: 5 })).toBe(true);
  });

  it.each([
    ['is healthy', points(0, 0, 0, 0, 0)],
    ['breached less often', points(0, 0.2, 0.3, 0, 0)],
    ['stands on the threshold', points(0.05, 0.05, 0.05)],
    ['has no datapoint', []],
  ])('does not believe an alarm whose metric %s', (_, datapoints) => {
    expect(breachIsReal(armed, aSignal(), { datapoints, periods: 5 })).toBe(false);
  });

  it('counts a gap as a breach only where the signal declares missing data so', () => {
    const seen = { datapoints: points(0.2), periods: 5 };

    expect(breachIsReal(armed, aSignal({ missing: 'breach' }), seen)).toBe(true);
    expect(breachIsReal(armed, aSignal({ missing: 'wait' }), seen)).toBe(false);
    expect(breachIsReal(armed, aSignal({ missing: 'inconclusive' }), seen)).toBe(false);
  });

  it('counts no gap where there are more datapoints than periods', () => {
    const seen = { datapoints: points(0, 0, 0, 0, 0, 0), periods: 3 };

    expect(breachIsReal(armed, aSignal({ missing: 'breach' }), seen)).toBe(false);
  });
});
