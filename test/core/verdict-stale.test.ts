import { describe, expect, it } from '@jest/globals';
import { armedWith, readings, reasonsOf, series, since, verdictOf } from './judging.ts';

/** Six good datapoints of the error ratio, then nothing; the other signals go on. */
const silent = readings({ 'error-ratio': '++++++' });

describe('F45, I6: judge and a signal that fell silent', () => {
  it('six good datapoints and then a minute of nothing are no recovery', () => {
    expect(verdictOf({ datapoints: silent, now: since(125) })).toBe('pending until 135');
  });

  it('are inconclusive when the budget is spent, and say since when there is nothing', () => {
    expect(verdictOf({ datapoints: silent, now: since(135) })).toBe('inconclusive');
    expect(reasonsOf({ datapoints: silent, now: since(135) })).toEqual([
      'error-ratio: no datapoint since 2026-11-21T09:05:10.000Z',
    ]);
  });

  it('one period that is late is excused, two are not: then it looks for the very next', () => {
    expect(verdictOf({ datapoints: silent, now: since(75) })).toBe('recovered');
    expect(verdictOf({ datapoints: silent, now: since(84.9) })).toBe('recovered');
    expect(verdictOf({ datapoints: silent, now: since(85) })).toBe('pending until 95');
  });

  it('speaks again in time: recovered', () => {
    const datapoints = readings({ 'error-ratio': '++++++   +' });

    expect(verdictOf({ datapoints, now: since(105) })).toBe('recovered');
  });

  it('counts the periods of the signal itself', () => {
    const armed = armedWith('auc', { periodSeconds: 60 });
    const points = series('auc', '++++++').map((d, i) => ({ ...d, at: since(40 + i * 60) }));
    const datapoints = {
      ...readings({ 'error-ratio': '+'.repeat(60), latency: '+'.repeat(60) }),
      auc: points,
    };

    const later = { armed, datapoints, deadlineAt: since(900) };

    expect(verdictOf({ ...later, now: since(430) })).toBe('recovered');
    expect(verdictOf({ ...later, now: since(549) })).toBe('recovered');
    expect(verdictOf({ ...later, now: since(550) })).toBe('pending until 610');
  });

  it('missing: wait takes the last ones there were, however old', () => {
    const armed = armedWith('error-ratio', { missing: 'wait' });

    expect(verdictOf({ armed, datapoints: silent, now: since(125) })).toBe('recovered');
  });
});
