import { describe, expect, it } from '@jest/globals';
import { incidentMeasurements, standingMeasurement } from '../../lib/core/metrics.ts';
import type { ClosingReport } from '../../lib/core/report.ts';
import { later } from '../report/armed.ts';
import { aReport } from '../report/fixtures.ts';

const END = later(164);
const valuesOf = (report: ClosingReport) => incidentMeasurements(report, END)[0]?.values;
const withoutTimes = ({ timeToRecoverSeconds: _, ...report }: ClosingReport): ClosingReport => report;

describe('the figures of an incident', () => {
  it('are its ending, its times in seconds, and the steps of each kind of lever', () => {
    expect(incidentMeasurements(aReport(), END)).toEqual([
      {
        at: END,
        labels: { Service: 'recommender', Ending: 'recovered' },
        values: { Incidents: 1, TimeToDetect: 33, TimeToAct: 15, TimeToRecover: 161, WithinGoal: 100 },
      },
      { at: END, labels: { Lever: 'flag' }, values: { LeversApplied: 1, LeversFailed: 0 } },
      { at: END, labels: { Lever: 'alias' }, values: { LeversApplied: 2, LeversFailed: 0 } },
    ]);
  });

  it('have no time that did not happen', () => {
    const refused = withoutTimes(aReport({ ending: 'refused', receipts: [], phases: [] }));

    expect(valuesOf(refused)).toEqual({ Incidents: 1, TimeToDetect: 33 });
  });

  it.each([
    ['recovered in time', { goalSeconds: 161 }, 100],
    ['recovered late', { goalSeconds: 160 }, 0],
  ])('say whether it %s', (_, over, WithinGoal) => {
    expect(valuesOf(aReport(over))).toMatchObject({ WithinGoal });
  });

  it.each(['contained', 'escalated'] as const)('count what ended %s as not within the goal', (ending) => {
    expect(valuesOf(withoutTimes(aReport({ ending })))).toMatchObject({ WithinGoal: 0 });
  });

  it.each(['refused', 'observed', 'cancelled'] as const)('leave %s out of the goal', (ending) => {
    expect(valuesOf(withoutTimes(aReport({ ending })))).not.toHaveProperty('WithinGoal');
  });

  it('do not take a lever that failed for one that acted', () => {
    const [flag, ...others] = aReport().receipts.map((r) => ({ ...r, outcome: 'failed' as const }));
    const spoiled = aReport({ receipts: flag ? [{ ...flag, outcome: 'conflict' }, ...others] : [] });

    expect(valuesOf(spoiled)).not.toHaveProperty('TimeToAct');
    expect(
      incidentMeasurements(spoiled, END)
        .slice(1)
        .map(({ values }) => values),
    ).toEqual([
      { LeversApplied: 0, LeversFailed: 1 },
      { LeversApplied: 0, LeversFailed: 2 },
    ]);
  });

  it('F60: are never below zero, whatever the clock of a function says', () => {
    const receipts = aReport().receipts.map((r) => ({ ...r, endedAt: later(-900) }));

    expect(valuesOf(aReport({ receipts }))).toMatchObject({ TimeToAct: 0 });
  });
});

it('what stands is counted without labels', () => {
  expect(standingMeasurement(END, { incidents: 2, holds: 1 })).toEqual({
    at: END,
    labels: {},
    values: { IncidentsOpen: 2, HoldsOpen: 1 },
  });
});
