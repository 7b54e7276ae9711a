import { describe, expect, it } from '@jest/globals';
import { buildReport } from '../../lib/core/build-report.ts';
import { ALARM_AT, ERRORS_ALARM, later } from '../report/armed.ts';
import { someFacts } from '../report/fixtures.ts';

const facts = someFacts();
const startedBy = (trigger: typeof facts.incident.trigger) =>
  buildReport({ ...facts, incident: { ...facts.incident, trigger } });
const kinds = (report: ReturnType<typeof buildReport>) => report.marks.map((m) => m.kind);
const wordsOf = (report: ReturnType<typeof buildReport>) =>
  report.marks.map((m) => [(m.at - ALARM_AT) / 1000, m.text]);

describe('buildReport: marks', () => {
  it('tell the whole incident in order of time', () => {
    expect(kinds(buildReport(facts))).toEqual([
      ...['breach', 'breach', 'alarm', 'open', 'hold', 'alarm', 'lever', 'switch', 'verdict'],
      ...['lever', 'settle', 'switch', 'recovered', 'page', 'page', 'end'],
    ]);
  });

  it('say what happened in words', () => {
    expect(wordsOf(buildReport(facts))).toEqual([
      [-33, 'first breach of errors > 5'],
      [-23, 'first breach of auc < 0.7'],
      [0, 'reinstate-prod-recommender-errors in ALARM'],
      [2, 'incident opened by its alarm'],
      [9, 'promotion held'],
      [12, 'reinstate-prod-recommender-auc in ALARM'],
      [15, 'new-features from "true" to "false": applied'],
      [20, 'rung 1 has taken effect for users'],
      [62, 'rung 1: not-recovered'],
      [90, 'champion from "6" to "5": applied'],
      [91.8, 'settled alias:recommender@rolled_back from nothing to "6": applied'],
      [92, 'rung 2 has taken effect for users'],
      [161, 'rung 2: recovered'],
      [163, 'notification to arn:aws:sns:eu-west-1:111122223333:reinstate-prod-pages: sent'],
      [163, 'notification to oncall@example.com: failed'],
      [164, 'ended: recovered'],
    ]);
  });

  it('say what a step did that never saw what stood there', () => {
    const receipts = facts.receipts
      .slice(0, 1)
      .map(({ before: _, ...r }) => ({ ...r, outcome: 'failed' as const }));
    const { marks } = buildReport({ ...facts, receipts, verdicts: [] });

    expect(marks.find((m) => m.kind === 'lever')?.text).toBe('new-features to "false": failed');
  });

  it.each([
    ['a person', { kind: 'person', service: 'recommender', dryRun: false }],
    ['a person: AUC is low', { kind: 'person', service: 'recommender', dryRun: false, reason: 'AUC is low' }],
    [
      'the sweeper, which found an armed alarm red',
      { kind: 'red-alarm', service: 'recommender', alarmArn: ERRORS_ALARM, at: ALARM_AT },
    ],
  ] as const)('say who opened it: %s', (opener, trigger) => {
    expect(startedBy(trigger).marks.find((m) => m.kind === 'open')?.text).toBe(
      `incident opened by ${opener}`,
    );
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
    const without = kinds(buildReport(facts)).filter((kind) => kind !== 'hold');
    const kindsWith = (since: number) => kinds(buildReport({ ...facts, hold: { since, reason: 'x' } }));

    expect(kindsWith(ALARM_AT - 1)).toEqual(without);
    expect(kindsWith(ALARM_AT)).toContain('hold');
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

  it('are the same in whatever order the records come', () => {
    const receipts = facts.receipts.toReversed();
    const verdicts = facts.verdicts.toSorted((a, b) => a.rung - b.rung);

    expect(buildReport({ ...facts, receipts, verdicts }).marks).toEqual(buildReport(facts).marks);
    expect(buildReport({ ...facts, receipts: [], verdicts: verdicts.toReversed() }).phases).toEqual(
      buildReport({ ...facts, receipts: [] }).phases,
    );
  });

  it('show levers that were pulled side by side each at its own time; whose readers are last makes the switch', () => {
    const [flag, alias] = facts.receipts;
    const beside = { ...alias, rung: 1, startedAt: later(14), endedAt: later(18) } as NonNullable<
      typeof alias
    >;
    const receipts = [beside, flag].filter((r) => r !== undefined);

    expect(wordsOf(buildReport({ ...facts, receipts, verdicts: [] })).slice(6, 9)).toEqual([
      [15, 'new-features from "true" to "false": applied'],
      [18, 'champion from "6" to "5": applied'],
      [20, 'rung 1 has taken effect for users'],
    ]);
  });

  it('have a switch up to the very end, and none that comes after it', () => {
    const stopped = { ...facts, receipts: facts.receipts.slice(0, 1), verdicts: [] };

    expect(kinds(buildReport({ ...stopped, now: later(20) }))).toContain('switch');
    expect(kinds(buildReport({ ...stopped, now: later(19.999) }))).not.toContain('switch');
  });

  it('F57: show a settle step that ran after the verdict, at the deadline', () => {
    const [flag, alias, settle] = facts.receipts;
    const late = { ...settle, startedAt: later(162), endedAt: later(162.5) } as NonNullable<typeof settle>;
    const receipts = [flag, alias, late].filter((r) => r !== undefined);

    expect(wordsOf(buildReport({ ...facts, receipts })).slice(10, 13)).toEqual([
      [92, 'rung 2 has taken effect for users'],
      [161, 'rung 2: recovered'],
      [162.5, 'settled alias:recommender@rolled_back from nothing to "6": applied'],
    ]);
  });

  it('F60: quote a clock that is a second behind, and not one that is less', () => {
    const textAt = (seconds: number) => {
      const receipts = facts.receipts.slice(0, 1).map((r) => ({ ...r, endedAt: later(seconds) }));
      return buildReport({ ...facts, receipts }).marks.find((m) => m.kind === 'lever')?.text;
    };

    expect(textAt(1)).toMatch(/ \(its clock said 2026-11-21T09:04:04.000Z\)$/);
    expect(textAt(1.001)).toBe('new-features from "true" to "false": applied');
  });
});
