import { describe, expect, it } from '@jest/globals';
import { figuresOf, timesOf } from '../../lib/core/times.ts';
import { aReport } from '../report/fixtures.ts';

describe('timesOf a report', () => {
  it('is how long it took to detect, to act and to recover, beside the goal', () => {
    expect(timesOf(aReport())).toEqual({ detect: 33, act: 15, recover: 161, goal: 300 });
  });

  it('leaves out what did not happen', () => {
    const { detectionSeconds: _, timeToRecoverSeconds: __, ...report } = aReport({ receipts: [] });

    expect(timesOf(report)).toEqual({ goal: 300 });
  });

  it('F60: never acts before the alarm', () => {
    const receipts = aReport().receipts.map((r) => ({ ...r, endedAt: r.endedAt - 3600_000 }));

    expect(timesOf(aReport({ receipts })).act).toBe(0);
  });
});

const ended = (recover: number | undefined, over: object = {}) => ({
  acted: true,
  openedAt: 1,
  endedAt: 2,
  times: { ...(recover !== undefined && { recover }), goal: 300 },
  ...over,
});

describe('figuresOf a service', () => {
  it('are times of incidents that were: the nearest rank', () => {
    const times = [400, 100, 200, 300].map((seconds) => ended(seconds));

    expect(figuresOf('shop', times)).toEqual({
      service: 'shop',
      incidents: 4,
      recovered: 4,
      late: 1,
      p50: 200,
      p95: 400,
      goal: 300,
    });
  });

  it('count no dry run or drill, nor what never acted or is still under way', () => {
    const { endedAt: _, ...running } = ended(900);
    const others = [ended(900, { dryRun: true }), ended(900, { acted: false }), running];

    expect(figuresOf('shop', [ended(100), ...others])).toMatchObject({ incidents: 1, p95: 100 });
  });

  it('count what did not recover as an incident, but not as a time', () => {
    expect(figuresOf('shop', [ended(100), ended(undefined)])).toMatchObject({
      incidents: 2,
      recovered: 1,
      p95: 100,
    });
  });

  it('hold each against the goal of its time, and name the newest', () => {
    const older = ended(200, { openedAt: 0, times: { recover: 200, goal: 120 } });

    expect(figuresOf('shop', [older, ended(200)])).toMatchObject({ late: 1, goal: 300 });
  });

  it('are none where nothing is known', () => {
    expect(figuresOf('shop', [])).toEqual({ service: 'shop', incidents: 0, recovered: 0, late: 0 });
  });
});
