import { describe, expect, it } from '@jest/globals';
import { buildReport } from '../../lib/core/build-report.ts';
import type { Ending } from '../../lib/core/incident.ts';
import { aReceipt, someFacts } from './fixtures.ts';

const facts = someFacts();
const endedAs = (ending: Ending, more = {}) =>
  buildReport({ ...facts, incident: { ...facts.incident, ending, ...more } });

describe('buildReport: what a person does next', () => {
  it('is to find the cause, lift the hold and look at the quarantine after a recovery', () => {
    expect(buildReport(facts).nextSteps).toEqual([
      'Users are served by the baseline again. Find the cause before the next release',
      'Root cause analysis is due on 2026-11-27',
      'See what is quarantined: `npx reinstate quarantine list --env prod`',
      'Promotion is on hold. When the cause is understood: `npx reinstate hold lift recommender --env prod --reason "..."`',
    ]);
  });

  it.each(['contained', 'escalated'] as const)('is to close it by hand when it is %s', (ending) => {
    expect(endedAs(ending).nextSteps.at(-1)).toContain(
      'npx reinstate incidents close recommender-20261121T090405-1a2b3c4d --env prod',
    );
  });

  it('names every unfinished step with its manual command', () => {
    const report = buildReport({
      ...facts,
      incident: { ...facts.incident, ending: 'escalated' },
      receipts: facts.receipts.slice(0, 2).map((r) => (r.rung === 2 ? { ...r, outcome: 'failed' } : r)),
    });
    const undone = report.nextSteps.filter((s) => s.startsWith('Not done'));

    expect(undone).toHaveLength(2);
    expect(undone[0]).toContain('alias:recommender@champion to "5". By hand: `curl -X POST');
    expect(undone[1]).toContain('alias:recommender@rolled_back to "6"');
  });

  it('does not ask for rungs that a recovery made needless', () => {
    const { nextSteps } = buildReport({ ...facts, receipts: facts.receipts.slice(0, 1) });

    expect(nextSteps.join()).not.toContain('Not done');
  });

  it('is to start the rollback when a person cancelled it', () => {
    expect(endedAs('cancelled').nextSteps[0]).toContain(
      '`npx reinstate rollback recommender --reason "..." --env prod`',
    );
  });

  it('is to plan when it was refused', () => {
    expect(endedAs('refused').nextSteps[0]).toContain('npx reinstate plan recommender --env prod');
  });

  it('is to switch the mode when it was only observed, and not after a dry run', () => {
    expect(endedAs('observed').nextSteps[0]).toContain('npx reinstate mode act recommender --env prod');
    expect(endedAs('observed', { dryRun: true }).nextSteps[0]).not.toContain('mode act');
  });
});

describe('buildReport: the root cause analysis', () => {
  it.each([
    ['a Saturday', Date.UTC(2026, 10, 21, 9), '2026-11-27'],
    ['a Monday', Date.UTC(2026, 10, 23, 9), '2026-11-30'],
    ['a Friday', Date.UTC(2026, 10, 27, 9), '2026-12-04'],
    ['the last days of a year', Date.UTC(2026, 11, 30, 9), '2027-01-06'],
  ])('is due five working days after %s', (_, endedAt, due) => {
    const report = buildReport({ ...facts, incident: { ...facts.incident, endedAt } });

    expect(new Date(report.rcaDueAt ?? 0).toISOString().slice(0, 10)).toBe(due);
  });

  it('is not due where nothing was done', () => {
    const { acted: _, ...incident } = facts.incident;

    expect(buildReport({ ...facts, incident, receipts: [], verdicts: [] }).rcaDueAt).toBeUndefined();
  });

  it('is due for every ending that acted', () => {
    const { acted: _, ...incident } = facts.incident;
    const step = facts.plan?.rungs[0]?.steps[0];
    const receipts = step ? [aReceipt(step, [13, 15])] : [];

    expect(
      buildReport({ ...facts, incident: { ...incident, ending: 'cancelled' }, receipts }).rcaDueAt,
    ).toBeDefined();
  });
});
