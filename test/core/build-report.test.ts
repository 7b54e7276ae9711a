import { describe, expect, it } from '@jest/globals';
import { buildReport } from '../../lib/core/build-report.ts';
import { ALARM_AT, AUC_ALARM, ERRORS_ALARM, later } from '../report/armed.ts';
import { someFacts } from '../report/fixtures.ts';

const facts = someFacts();
const { armed: _armed, plan: _plan, hold: _hold, ...unarmed } = facts;
const startedBy = (trigger: typeof facts.incident.trigger) =>
  buildReport({ ...facts, incident: { ...facts.incident, trigger } });
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

  it('has one by the first rung, and none once a later rung was judged otherwise', () => {
    const [first, second] = facts.verdicts;
    const well = { ...first, verdict: 'recovered' } as NonNullable<typeof first>;
    const unwell = { ...second, verdict: 'inconclusive' } as NonNullable<typeof second>;

    expect(buildReport({ ...facts, verdicts: [well] }).timeToRecoverSeconds).toBe(62);
    expect(buildReport({ ...facts, verdicts: [well, unwell] })).not.toHaveProperty('timeToRecoverSeconds');
  });

  it('owes a root cause analysis where a lever may have been pulled, and none otherwise', () => {
    const nothing = { ...facts, receipts: [], verdicts: [] };
    const { acted: _, ...idle } = facts.incident;

    expect(buildReport(nothing)).toHaveProperty('rcaDueAt');
    expect(buildReport({ ...facts, incident: idle })).toHaveProperty('rcaDueAt');
    expect(buildReport({ ...nothing, incident: idle })).not.toHaveProperty('rcaDueAt');
  });

  it('takes whom it calls from the runbook, or nobody where no service is known', () => {
    expect(buildReport(facts).call).toEqual([{ kind: 'email', to: 'oncall@example.com' }]);
    expect(buildReport(unarmed).call).toEqual([]);
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
    expect(stopped.marks.map((m) => m.kind)).not.toContain('switch');
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

describe('buildReport: alarms and reasons', () => {
  it('count the alarm that started it even where it was never attached', () => {
    expect(buildReport({ ...facts, alarms: [] }).alarms).toEqual([
      { arn: ERRORS_ALARM, at: ALARM_AT, joinedAt: later(2) },
    ]);
  });

  it('say which signal stayed unwell, and how often', () => {
    const [first] = facts.verdicts;
    const [errors, auc] = first?.signals ?? [];
    const mostly = { ...auc, datapoints: auc?.datapoints.map((d, i) => ({ ...d, good: i === 0 })) };
    const last = { ...first, signals: [errors, mostly] } as NonNullable<typeof first>;

    expect(buildReport({ ...facts, verdicts: facts.verdicts.slice(0, 1) }).reasons).toEqual([
      'auc breached in 3 of 3 fresh datapoints after rung 1',
    ]);
    expect(buildReport({ ...facts, verdicts: [last] }).reasons).toEqual([
      'auc breached in 2 of 3 fresh datapoints after rung 1',
    ]);
  });

  it('put the alarm that started it before those that joined', () => {
    const [, joined] = facts.alarms;

    expect(buildReport({ ...facts, alarms: joined ? [joined] : [] }).alarms.map((a) => a.arn)).toEqual([
      ERRORS_ALARM,
      AUC_ALARM,
    ]);
  });

  it('count no alarm twice, and none for a person', () => {
    expect(buildReport(facts).alarms).toEqual(facts.alarms);
    expect(startedBy({ kind: 'person', service: 'recommender', dryRun: false }).alarms).toEqual(facts.alarms);
  });

  it('say each reason once: why it ended, which signal stayed unwell, what else was astray', () => {
    const [first] = facts.verdicts;
    const reasons = ['the deadline was reached', 'alarm x is ALARM'];
    const last = { ...first, reasons: ['alarm x is ALARM', 'flag:b serves true'] } as NonNullable<
      typeof first
    >;
    const report = buildReport({ ...facts, incident: { ...facts.incident, reasons }, verdicts: [last] });

    expect(report.reasons).toEqual([
      ...reasons,
      'auc breached in 3 of 3 fresh datapoints after rung 1',
      'flag:b serves true',
    ]);
  });

  it('say why it ended where nothing was judged, and after a recovery', () => {
    const incident = { ...facts.incident, reasons: ['a person stopped it'] };

    expect(buildReport({ ...facts, incident, verdicts: [] }).reasons).toEqual(['a person stopped it']);
    expect(buildReport({ ...facts, incident }).reasons).toEqual(['a person stopped it']);
    expect(buildReport(facts).reasons).toEqual([]);
  });

  it('keep all facts as they are', () => {
    const report = buildReport(facts);

    expect(report.receipts).toEqual(facts.receipts);
    expect(report.verdicts).toEqual(facts.verdicts);
    expect(Object.keys(report)).not.toContain('now');
    expect(report.alarms.map((a) => a.arn)).toContain(AUC_ALARM);
  });
});
