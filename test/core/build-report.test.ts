import { describe, expect, it } from '@jest/globals';
import { buildReport } from '../../lib/core/build-report.ts';
import { ALARM_AT, AUC_ALARM, aSignal, ERRORS_ALARM, later } from '../report/armed.ts';
import { aSeries, someFacts } from '../report/fixtures.ts';

const facts = someFacts();
const { armed: _armed, plan: _plan, hold: _hold, ...unarmed } = facts;
const startedBy = (trigger: typeof facts.incident.trigger) =>
  buildReport({ ...facts, incident: { ...facts.incident, trigger } });
const kinds = (report: ReturnType<typeof buildReport>) => report.marks.map((m) => m.kind);
const seconds = (report: ReturnType<typeof buildReport>) =>
  report.phases.map((p) => [p.name, (p.to - p.from) / 1000]);

describe('buildReport: the clock', () => {
  it('measures time to recover from the alarm to the verdict recovered', () => {
    expect(buildReport(facts).timeToRecoverSeconds).toBe(161);
  });

  it('measures it from open when a person started the incident', () => {
    const report = startedBy({ kind: 'person', service: 'recommender', dryRun: false });

    expect(report.timeToRecoverSeconds).toBe(159);
    expect(report.detectionSeconds).toBeUndefined();
  });

  it('measures it from open when the sweeper found the alarm', () => {
    const report = startedBy({
      kind: 'red-alarm',
      service: 'recommender',
      alarmArn: ERRORS_ALARM,
      at: ALARM_AT,
    });

    expect(report.timeToRecoverSeconds).toBe(159);
    expect(report.detectionSeconds).toBe(33);
  });

  it('has no time to recover when the last verdict is another one', () => {
    expect(
      buildReport({ ...facts, verdicts: facts.verdicts.slice(0, 1) }).timeToRecoverSeconds,
    ).toBeUndefined();
  });

  it('measures detection from the first breach to the alarm', () => {
    expect(buildReport(facts).detectionSeconds).toBe(33);
  });

  it('takes the goal from the runbook, or five minutes where no service is known', () => {
    expect(buildReport(facts).goalSeconds).toBe(300);
    expect(buildReport(unarmed).goalSeconds).toBe(300);
  });
});

describe('buildReport: phases', () => {
  it('follow each other from the first breach to the end', () => {
    expect(seconds(buildReport(facts))).toEqual([
      ['detect', 33],
      ['decide', 13.6],
      ['act', 6.4],
      ['verify', 42],
      ['act', 30],
      ['verify', 69],
      ['close', 3],
    ]);
  });

  it('are detection and decision alone where no lever was pulled', () => {
    expect(seconds(buildReport({ ...facts, receipts: [], verdicts: [] }))).toEqual([
      ['detect', 33],
      ['decide', 164],
    ]);
  });

  it('end an act where the incident was stopped before the switch', () => {
    const stopped = buildReport({
      ...facts,
      receipts: facts.receipts.slice(0, 1),
      verdicts: [],
      now: later(17),
    });

    expect(seconds(stopped).slice(-2)).toEqual([
      ['act', 1.4],
      ['close', 2],
    ]);
    expect(kinds(stopped)).not.toContain('switch');
  });

  it('F60: never run backwards when a clock goes back an hour, and say so', () => {
    const back = facts.receipts.map((r) => ({
      ...r,
      startedAt: r.startedAt - 3600_000,
      endedAt: r.endedAt - 3600_000,
    }));
    const report = buildReport({ ...facts, receipts: back, now: later(164) - 3600_000 });

    expect(seconds(report).every(([, s]) => Number(s) >= 0)).toBe(true);
    expect(report.phases.slice(1).every((p, i) => p.from === report.phases[i]?.to)).toBe(true);
    expect(report.timeToRecoverSeconds).toBe(161);
    expect(report.marks.find((m) => m.kind === 'lever')?.text).toContain(
      'its clock said 2026-11-21T08:04:18',
    );
  });

  it('stay in order when an alarm is dated after open', () => {
    const report = buildReport({ ...facts, incident: { ...facts.incident, openedAt: ALARM_AT - 5000 } });

    expect(report.phases[1]).toEqual({ name: 'decide', from: ALARM_AT, to: later(13.6) });
  });
});

describe('buildReport: marks', () => {
  it('tell the whole incident in order of time', () => {
    expect(kinds(buildReport(facts))).toEqual([
      ...['breach', 'breach', 'alarm', 'open', 'hold', 'alarm', 'lever', 'switch', 'verdict'],
      ...['lever', 'settle', 'switch', 'recovered', 'page', 'page', 'end'],
    ]);
  });

  it('begin a breach where the run of breaches begins that reaches the alarm', () => {
    const series = [
      aSeries(aSignal(), { is: '<', threshold: 5 }, (s) => (s === -113 || s === -53 || s >= -13 ? 9 : 1)),
    ];
    const long = [
      { ...series[0], datapoints: [{ at: later(-900), value: 9 }, ...(series[0]?.datapoints ?? [])] },
    ];

    // -53 s is within one window of the next breach; -113 s and -900 s healed before.
    expect(buildReport({ ...facts, series: long as typeof series }).marks[0]?.at).toBe(later(-53));
  });

  it('have no breach where the metric was healthy all the time', () => {
    const series = [aSeries(aSignal(), { is: '<', threshold: 5 }, () => 1)];

    expect(kinds(buildReport({ ...facts, series }))).not.toContain('breach');
  });

  it('put the switch at the last receipt plus the slowest cache where nothing was judged', () => {
    const { marks } = buildReport({ ...facts, receipts: facts.receipts.slice(0, 1), verdicts: [] });

    expect(marks.find((m) => m.kind === 'switch')?.at).toBe(later(20));
  });

  it('have no switch where no step took effect', () => {
    const receipts = facts.receipts.slice(0, 1).map((r) => ({ ...r, outcome: 'failed' as const }));

    expect(kinds(buildReport({ ...facts, receipts, verdicts: [] }))).not.toContain('switch');
  });

  it('leave out a hold that stood before the incident', () => {
    const hold = { since: ALARM_AT - 3600_000, reason: 'earlier' };

    expect(kinds(buildReport({ ...facts, hold }))).not.toContain('hold');
  });

  it('show settling that outlasts the switch at its own time', () => {
    const [flagReceipt, aliasReceipt, settle] = facts.receipts;
    const late = { ...settle, startedAt: later(93), endedAt: later(99) } as NonNullable<typeof settle>;
    const receipts = [flagReceipt, aliasReceipt, late].filter((r) => r !== undefined);

    expect(buildReport({ ...facts, receipts }).marks.find((m) => m.kind === 'settle')).toMatchObject({
      at: later(99),
      text: expect.not.stringContaining('its clock') as unknown,
    });
  });
});

describe('buildReport: alarms and reasons', () => {
  it('count the alarm that started it even where it was never attached', () => {
    expect(buildReport({ ...facts, alarms: [] }).alarms).toEqual([
      { arn: ERRORS_ALARM, at: ALARM_AT, joinedAt: later(2) },
    ]);
  });

  it('say which signal stayed unwell', () => {
    const report = buildReport({ ...facts, verdicts: facts.verdicts.slice(0, 1) });

    expect(report.reasons).toEqual(['auc breached in 3 of 3 fresh datapoints after rung 1']);
  });

  it('keep all facts as they are', () => {
    const report = buildReport(facts);

    expect(report.receipts).toEqual(facts.receipts);
    expect(report.verdicts).toEqual(facts.verdicts);
    expect(Object.keys(report)).not.toContain('now');
    expect(report.alarms.map((a) => a.arn)).toContain(AUC_ALARM);
  });
});
