import { describe, expect, it } from '@jest/globals';
import { policyClock } from '../../lib/core/policy-clock.ts';
import { aService, aSignal } from '../service-builders.ts';

describe('policyClock()', () => {
  it('adds up act, reader cache, window and lag of every rung, and leaves detection out', () => {
    const clock = policyClock(aService());

    expect(clock.rungs).toEqual([
      { actSeconds: 20, cacheSeconds: 5, verifySeconds: 75 },
      { actSeconds: 20, cacheSeconds: 0, verifySeconds: 75 },
    ]);
    expect([clock.recoverSeconds, clock.goalSeconds, clock.withinGoal]).toEqual([195, 300, true]);
  });

  it('counts detection as datapoints, lag and one evaluation', () => {
    const signals = ['latency', 'error-ratio', 'auc'].map((name) =>
      aSignal({ name, periodSeconds: 60, lagSeconds: 5 }),
    );

    const { detection } = policyClock(aService({ signals }));

    expect(detection.map((d) => d.seconds)).toEqual([245, 245, 245]);
    expect(policyClock(aService()).detection.map((d) => d.seconds)).toEqual([40, 40, 40]);
  });

  it('is past a goal that is too short, by a second', () => {
    expect(policyClock(aService({ runbook: { goalSeconds: 195 } })).withinGoal).toBe(true);
    expect(policyClock(aService({ runbook: { goalSeconds: 194 } })).withinGoal).toBe(false);
  });
});
