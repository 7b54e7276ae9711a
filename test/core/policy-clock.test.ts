import { describe, expect, it } from '@jest/globals';
import { planClock, policyClock } from '../../lib/core/policy-clock.ts';
import { aPlan, aService, aSignal } from '../builders.ts';

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

describe('planClock()', () => {
  it('adds up the rungs of the plan, as they go when nothing is slow and with every budget used up', () => {
    const plan = aPlan();

    expect(planClock(aService(), plan)).toEqual({
      rungs: [
        { usualSeconds: 100, latestSeconds: 245, usualWithinGoal: true, latestWithinGoal: true },
        { usualSeconds: 195, latestSeconds: 440, usualWithinGoal: true, latestWithinGoal: false },
      ],
      goalSeconds: 300,
      deadlineSeconds: plan.deadlineSeconds,
    });
  });

  it('is within a goal that it just meets', () => {
    const within = (goalSeconds: number) => {
      const { rungs } = planClock(aService({ runbook: { goalSeconds } }), aPlan());
      return [rungs[1]?.usualWithinGoal, rungs[1]?.latestWithinGoal];
    };

    expect([within(194), within(195), within(439), within(440)]).toEqual([
      [false, false],
      [true, false],
      [true, false],
      [true, true],
    ]);
  });

  it('ends at the deadline, whatever the budgets', () => {
    const plan = { ...aPlan(), deadlineSeconds: 300 };

    expect(planClock(aService(), plan).rungs[1]?.latestSeconds).toBe(300);
  });
});
