import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { emfMeter } from '../../lib/adapters/emf-meter.ts';
import { incidentMeasurements, standingMeasurement } from '../../lib/core/metrics.ts';
import { aReport } from '../report/fixtures.ts';
import { extract } from './emf.ts';

const END = Date.UTC(2026, 10, 21, 9, 7);
const SECRET = 'sk-live-1234';

function linesOf(...measured: Parameters<ReturnType<typeof emfMeter>['record']>): string[] {
  const lines: string[] = [];
  emfMeter({ environment: 'prod', write: (line) => lines.push(line) }).record(...measured);
  return lines;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a line in the embedded metric format', () => {
  it('is what AWS documents, and CloudWatch makes these metrics of an incident', () => {
    const lines = linesOf(() => incidentMeasurements(aReport(), END));

    expect(lines.flatMap(extract)).toEqual([
      ['Reinstate Incidents Ending=recovered Environment=prod', 1],
      ['Reinstate Incidents Environment=prod Service=recommender', 1],
      ['Reinstate TimeToDetect Environment=prod', 33],
      ['Reinstate TimeToDetect Environment=prod Service=recommender', 33],
      ['Reinstate TimeToAct Environment=prod', 15],
      ['Reinstate TimeToAct Environment=prod Service=recommender', 15],
      ['Reinstate TimeToRecover Environment=prod', 161],
      ['Reinstate TimeToRecover Environment=prod Service=recommender', 161],
      ['Reinstate WithinGoal Environment=prod', 100],
      ['Reinstate LeversApplied Environment=prod Lever=flag', 1],
      ['Reinstate LeversFailed Environment=prod Lever=flag', 0],
      ['Reinstate LeversApplied Environment=prod Lever=alias', 2],
      ['Reinstate LeversFailed Environment=prod Lever=alias', 0],
    ]);
  });

  it('carries its own moment in ms, a unit for each value, and the namespace that our other metrics have', () => {
    const [line = ''] = linesOf(() => [standingMeasurement(END, { incidents: 2, holds: 0 })]);

    const { _aws } = JSON.parse(line);
    expect(_aws.Timestamp).toBe(END);
    expect(_aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'Reinstate',
        Dimensions: [['Environment']],
        Metrics: [{ Name: 'IncidentsOpen', Unit: 'Count' }],
      },
      {
        Namespace: 'Reinstate',
        Dimensions: [['Environment']],
        Metrics: [{ Name: 'HoldsOpen', Unit: 'Count' }],
      },
    ]);
    expect(extract(line)).toEqual([
      ['Reinstate IncidentsOpen Environment=prod', 2],
      ['Reinstate HoldsOpen Environment=prod', 0],
    ]);
  });

  it('says nothing of reasons, targets, values or people', () => {
    const receipts = aReport().receipts.map((r) => ({ ...r, to: SECRET, target: SECRET, note: SECRET }));
    const { incident } = aReport();
    const report = aReport({ receipts, reasons: [SECRET], incident: { ...incident, reasons: [SECRET] } });

    const lines = linesOf(() => incidentMeasurements(report, END));

    expect(lines.join('\n')).not.toContain(SECRET);
    const texts = lines.flatMap((line) =>
      Object.values(JSON.parse(line)).filter((v) => typeof v === 'string'),
    );
    expect(new Set(texts)).toEqual(new Set(['prod', 'recommender', 'recovered', 'flag', 'alias']));
  });

  it('goes to standard output as it is: nothing may stand before the JSON', () => {
    const written: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0);

    emfMeter({ environment: 'prod' }).record(() => [standingMeasurement(END, { incidents: 0, holds: 0 })]);

    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{"_aws":.*\}\n$/);
  });
});

it('figures that cannot be made are written down, and stop nobody', () => {
  const lines = linesOf(() => {
    throw new Error('no phases');
  });

  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 'ERROR', message: 'figures not written', text: expect.stringContaining('no phases') },
  ]);
});
