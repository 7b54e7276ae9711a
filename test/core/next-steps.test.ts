import { describe, expect, it } from '@jest/globals';
import type { IncidentFacts } from '../../lib/core/build-report.ts';
import type { Ending } from '../../lib/core/incident.ts';
import { nextSteps } from '../../lib/core/next-steps.ts';
import { later } from '../report/armed.ts';
import { someFacts } from '../report/fixtures.ts';

const AGAIN = '`npx reinstate rollback recommender --reason "..." --env prod`';
const PLAN = '`npx reinstate plan recommender --env prod`';

function stepsOf(
  ending: Ending,
  over: Partial<IncidentFacts['incident']> = {},
  more: Partial<IncidentFacts> = {},
) {
  const facts = someFacts(more);
  return nextSteps({ ...facts, incident: { ...facts.incident, ending, ...over } });
}

describe('nextSteps: what is said first', () => {
  it.each<[Ending, string]>([
    ['recovered', 'Users are served by the baseline again. Find the cause before the next release'],
    [
      'contained',
      'The bad release serves nothing, but recovery is not proven. Watch the signals until they are well',
    ],
    ['escalated', `This is in people's hands now. See what stands: ${PLAN}`],
    ['refused', `Nothing was rolled back. See what stands: ${PLAN}; if it has to be rolled back: ${AGAIN}`],
    [
      'observed',
      `Nothing was changed. To do what was planned: \`npx reinstate mode act recommender --env prod\`, then ${AGAIN}`,
    ],
    ['cancelled', `A person stopped this. To go on with it: ${AGAIN}`],
  ])('%s', (ending, sentence) => {
    expect(stepsOf(ending)[0]).toBe(sentence);
  });

  it('a dry run needs no other mode to be done', () => {
    expect(stepsOf('observed', { dryRun: true })[0]).toBe(
      `Nothing was changed. To do what was planned: ${AGAIN}`,
    );
  });

  it('F46: asks for no rollback that the cascade would refuse again', () => {
    const byHand = `Nothing was rolled back, and by automation nothing will be for now. What to do by hand: ${PLAN}`;

    expect(stepsOf('refused', { reasons: ['mode act', 'cascade: 2 incidents'] })[0]).toBe(byHand);
    expect(stepsOf('refused', { reasons: ['cooldown: no cascade'] })[0]).toContain(AGAIN);
  });
});

describe('nextSteps: what is left', () => {
  it('is, in this order: steps, root cause analysis, quarantine, hold, closing', () => {
    const facts = someFacts({ receipts: someFacts().receipts.slice(0, 2) });
    const incident = { ...facts.incident, ending: 'escalated' } as const;

    expect(nextSteps({ ...facts, incident }, later(5 * 86_400)).slice(1)).toEqual([
      expect.stringMatching(/^Not done: alias:recommender@rolled_back to "6"\. By hand: `curl .+`$/),
      'Root cause analysis is due on 2026-11-26',
      'See what is quarantined: `npx reinstate quarantine list --env prod`',
      'Promotion is on hold. When the cause is understood: `npx reinstate hold lift recommender --env prod --reason "..."`',
      'When it is over: `npx reinstate incidents close recommender-20261121T090405-1a2b3c4d --env prod`',
    ]);
  });

  it('is nothing where nothing was done, is quarantined or on hold, and it closed by itself', () => {
    const { plan: _, hold: __, ...facts } = someFacts({ quarantined: [], receipts: [] });

    expect(nextSteps({ ...facts, incident: { ...facts.incident, ending: 'cancelled' } })).toHaveLength(1);
  });

  const undone = (steps: readonly string[]) => steps.filter((step) => step.startsWith('Not done'));

  it('is every step of the plan where recovery is not proven', () => {
    expect(undone(stepsOf('escalated', {}, { receipts: [] }))).toHaveLength(3);
    expect(undone(stepsOf('cancelled', {}, { receipts: [] }))).toHaveLength(3);
  });

  it('is the rest of the rungs that were begun where it recovered', () => {
    const { receipts } = someFacts();

    expect(undone(stepsOf('recovered', {}, { receipts: receipts.slice(0, 1) }))).toEqual([]);
    expect(undone(stepsOf('recovered', {}, { receipts: receipts.slice(0, 2) }))).toHaveLength(1);
    expect(undone(stepsOf('recovered'))).toEqual([]);
  });

  it('is no step where nothing was to be changed', () => {
    expect(undone(stepsOf('observed', {}, { receipts: [] }))).toEqual([]);
  });
});
