import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Datapoint, judge, watchedBy } from '../../lib/core/verdict.ts';
import { anArmedService, at } from '../builders.ts';
import { aJudgeInput, armedWith, readings, series, since, verdictOf } from './judging.ts';

const nothing = { 'error-ratio': [], auc: [], latency: [] };

/** Looks as the stage does: judged, waited as long as it says, judged again. @returns the seconds of all looks. */
function looks(auc: string, armed = anArmedService()): { at: number[]; verdict: string } {
  const times: number[] = [];
  for (let now = since(-5); times.length < 100; ) {
    times.push((now - since(0)) / 1000);
    const letters = '+'.repeat(40);
    const datapoints = {
      ...readings({ 'error-ratio': letters, latency: letters }),
      auc: series('auc', auc),
    };
    const judgement = judge(aJudgeInput({ armed, now, datapoints, watched: watchedBy(armed, []) }));
    if (judgement.kind === 'verdict') return { at: times, verdict: judgement.record.verdict };
    now = judgement.lookAt;
  }
  return { at: times, verdict: 'never' };
}

describe('judge plans its looks', () => {
  it('waits until two datapoints can be complete when there is none yet', () => {
    expect(verdictOf({ datapoints: nothing, now: since(-5) })).toBe('pending until 25');
  });

  it('then until the window can be full', () => {
    const datapoints = readings({ auc: '++', 'error-ratio': '++', latency: '++' });

    expect(verdictOf({ datapoints, now: since(25) })).toBe('pending until 65');
  });

  it('a clean verdict on six datapoints needs three looks', () => {
    expect(looks('+'.repeat(40))).toEqual({ at: [-5, 25, 65], verdict: 'recovered' });
  });

  it('a rung that does not help is seen at the second look', () => {
    expect(looks('-'.repeat(40))).toEqual({ at: [-5, 25], verdict: 'not-recovered' });
  });

  it('after one bad datapoint it looks at the very next one, whatever the other signals wait for', () => {
    expect(looks('+--')).toEqual({ at: [-5, 25, 35], verdict: 'not-recovered' });
  });

  it('an outlier costs one look more, and the window begins after it', () => {
    expect(looks(`+-${'+'.repeat(20)}`)).toEqual({ at: [-5, 25, 35, 85], verdict: 'recovered' });
  });

  it('waits for the slowest signal once the quick ones are under way', () => {
    const armed = armedWith('auc', { periodSeconds: 60 });
    const datapoints = { ...readings(), auc: [{ at: since(40), value: 0.8 }] };

    expect(verdictOf({ armed, datapoints: nothing, now: since(-5) })).toBe('pending until 25');
    expect(verdictOf({ armed, datapoints: { ...datapoints, auc: [] }, now: since(65) })).toBe(
      'pending until 190',
    );
    expect(verdictOf({ armed, datapoints, now: since(135) })).toBe('pending until 430');
  });

  it('counts the lag of a signal', () => {
    const armed = armedWith('auc', { lagSeconds: 30 });

    expect(looks('+'.repeat(40), armed)).toEqual({ at: [-5, 25, 65, 95], verdict: 'recovered' });
  });

  it('gaps move the look on; the budget ends it', () => {
    expect(looks('++++  ++')).toMatchObject({ verdict: 'recovered', at: [-5, 25, 65, 85] });
    expect(looks('++')).toMatchObject({ verdict: 'inconclusive' });
    expect(looks('++').at.at(-1)).toBe(135);
  });

  it('counts a period as gone only once it is complete', () => {
    const datapoints = readings({ auc: '++++', 'error-ratio': '++++', latency: '++++' });

    expect(verdictOf({ datapoints, now: since(61) })).toBe('pending until 75');
    expect(verdictOf({ datapoints, now: since(65) })).toBe('pending until 85');
  });

  it('looks every ten seconds for what is no datapoint', () => {
    const served = [{ target: 'alias:a', expected: '3', values: ['4'], good: false }];

    expect(verdictOf({ served })).toBe('pending until 75');
    expect(verdictOf({ served, now: since(67) })).toBe('pending until 77');
  });

  it('waits for the next datapoint of a signal that may be bad, not for one that lacks good ones', () => {
    const armed = armedWith('auc', { periodSeconds: 60 });
    const unwell = { ...readings(), auc: [{ at: since(40), value: 0.6 }] };
    const lacking = { ...unwell, ...{ 'error-ratio': series('error-ratio', '+++++++-+++++') } };
    const unwellToo = { ...unwell, ...{ 'error-ratio': series('error-ratio', '++++++++++++-') } };

    expect(verdictOf({ armed, datapoints: lacking, now: since(135) })).toBe('pending until 190');
    expect(verdictOf({ armed, datapoints: unwellToo, now: since(135) })).toBe('pending until 145');
  });

  it('leaves a second between two looks', () => {
    const datapoints = readings({ auc: '+++++' });

    expect(verdictOf({ datapoints, now: since(84.5) })).toBe('pending until 85.5');
  });

  it('never plans a look for after the deadline, nor for now', () => {
    const datapoints = nothing;

    expect(verdictOf({ datapoints, now: since(0), deadlineAt: since(12) })).toBe('pending until 12');
    expect(verdictOf({ datapoints, now: since(134.5) })).toBe('pending until 135');
  });
});

const points = fc.array(
  fc.record({
    at: fc.integer({ min: -30, max: 40 }).map((n) => since(n * 5)),
    value: fc.constantFrom(0.8, 0.8, 0.8, 0.6, Number.NaN),
  }),
  { maxLength: 30 },
);
const moment = fc.integer({ min: -10, max: 200 }).map((s) => since(s));

describe('I6: judge, whatever datapoints come', () => {
  const armed = anArmedService();
  const watched = watchedBy(armed, []).filter((w) => w.signal.name === 'auc');
  const judged = (auc: readonly Datapoint[], now: number, deadlineAt = at(475)) =>
    judge(aJudgeInput({ armed, watched, datapoints: { auc }, now, deadlineAt }));

  it('never says recovered with fewer than six fresh, complete, good datapoints', () => {
    const provesIt = (d: Datapoint, now: number) =>
      d.at >= since(0) && d.at + 15_000 <= now && d.value > 0.75;

    fc.assert(
      fc.property(points, moment, (auc, now) => {
        const judgement = judged(auc, now);
        const recovered = judgement.kind === 'verdict' && judgement.record.verdict === 'recovered';
        return !recovered || auc.filter((d) => provesIt(d, now)).length >= 6;
      }),
      { numRuns: 2000 },
    );
  });

  it('never says recovered after a breach among the last six', () => {
    fc.assert(
      fc.property(points, moment, (auc, now) => {
        const judgement = judged(auc, now);
        if (judgement.kind !== 'verdict' || judgement.record.verdict !== 'recovered') return true;
        return judgement.record.signals.every((s) => s.datapoints.slice(-6).every((d) => d.good));
      }),
      { numRuns: 2000 },
    );
  });

  it('always ends: a look is later than now and not after the budget or the deadline', () => {
    fc.assert(
      fc.property(points, moment, moment, (auc, now, deadlineAt) => {
        const judgement = judged(auc, now, deadlineAt);
        if (judgement.kind === 'verdict') return true;
        return judgement.lookAt > now && judgement.lookAt <= Math.min(since(135), deadlineAt);
      }),
      { numRuns: 2000 },
    );
  });
});
