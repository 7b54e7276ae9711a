import { describe, expect, it } from '@jest/globals';
import { buildReport } from '../../lib/core/build-report.ts';
import { aSignal, auc, errors, later } from '../report/armed.ts';
import { someFacts } from '../report/fixtures.ts';

const facts = someFacts();

/** The report of an incident in which the error rate breached at these seconds after the alarm, and at no others. */
function breachedAt(seconds: readonly number[], signal = errors) {
  const datapoints = seconds.map((s) => ({ at: later(s), value: 9 }));
  const series = [{ signal, well: { is: '<', threshold: 5 } as const, datapoints }];
  return buildReport({ ...facts, series });
}
const firstOf = (report: ReturnType<typeof buildReport>) =>
  report.marks.filter((m) => m.kind === 'breach').map((m) => (m.at - later(0)) / 1000);

describe('buildReport: the first breach', () => {
  it('is where the run of breaches begins that reaches the alarm: 5 periods, evaluation and all', () => {
    expect(firstOf(breachedAt([-30, -20, -10]))).toEqual([-30]);
    expect(firstOf(breachedAt([-120]))).toEqual([-120]);
    expect(firstOf(breachedAt([-120.001]))).toEqual([]);
  });

  it('may be that much earlier where the datapoints come late', () => {
    const late = aSignal({ lagSeconds: 30 });

    expect(firstOf(breachedAt([-150], late))).toEqual([-150]);
    expect(firstOf(breachedAt([-150.001], late))).toEqual([]);
  });

  it('is after a gap as long as the alarm looks back: what healed before is another story', () => {
    expect(firstOf(breachedAt([-60, -10]))).toEqual([-60]);
    expect(firstOf(breachedAt([-60.001, -10]))).toEqual([-10]);
    expect(firstOf(breachedAt([-900, -113, -53, -13, -3]))).toEqual([-53]);
    expect(firstOf(breachedAt([-60, 0]))).toEqual([-60]);
  });

  it('is found in whatever order the datapoints come', () => {
    expect(firstOf(breachedAt([-3, -13, -113, -53, -900]))).toEqual([-53]);
  });

  it('is none where the metric was well all the time, or is not known', () => {
    const { marks } = buildReport({ ...facts, series: [] });

    expect(marks.map((m) => m.kind)).toEqual(
      buildReport(facts)
        .marks.map((m) => m.kind)
        .filter((kind) => kind !== 'breach'),
    );
    expect(breachedAt([]).marks).toEqual(marks);
  });
});

describe('buildReport: detection', () => {
  it('is measured from the first breach of any signal to the alarm', () => {
    const series = [
      {
        signal: errors,
        well: { is: '<', threshold: 5 } as const,
        datapoints: [{ at: later(-20), value: 9 }],
      },
      {
        signal: auc,
        well: { is: '>=', threshold: 0.7 } as const,
        datapoints: [{ at: later(-40), value: 0.1 }],
      },
    ];
    const report = buildReport({ ...facts, series });

    expect(report.detectionSeconds).toBe(40);
    expect(report.phases[0]).toEqual({ name: 'detect', from: later(-40), to: later(0) });
    expect(buildReport(facts).detectionSeconds).toBe(33);
  });

  it('takes no time where the alarm is as old as the breach', () => {
    expect(breachedAt([0]).detectionSeconds).toBe(0);
    expect(breachedAt([0]).phases[0]?.name).toBe('decide');
  });

  it.each([
    ['the metric breached only after the alarm', [1]],
    ['no breach is known', []],
  ])('is left out where %s', (_, seconds) => {
    expect(breachedAt(seconds)).not.toHaveProperty('detectionSeconds');
    expect(breachedAt(seconds).phases[0]?.name).toBe('decide');
  });
});
