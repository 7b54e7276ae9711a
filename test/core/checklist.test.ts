import { describe, expect, it } from '@jest/globals';
import { buildReport } from '../../lib/core/build-report.ts';
import { checklistOf, measuresBacklog } from '../../lib/core/checklist.ts';
import type { ClosingReport, Series } from '../../lib/core/report.ts';
import { aSignal, later } from '../report/armed.ts';
import { aReceipt, aReport, someFacts } from '../report/fixtures.ts';
import { NOTES, nth, PROMOTION, QUEUES, SLO, TRAFFIC } from './answers.ts';

const states = (report: ClosingReport) => checklistOf(report).map(({ state }) => state);
const facts = someFacts();
const [first, last] = facts.verdicts;
if (!first || !last || !facts.plan) throw new Error('the fixture has a plan and two verdicts');

describe('the post-rollback checklist', () => {
  it('is kept in the report: five items, each with its evidence', () => {
    const report = aReport();

    expect(report.checklist).toEqual(checklistOf(report));
    expect(states(report)).toEqual(['proven', 'proven', 'not-applicable', 'proven', 'proven']);
  });

  it.each([
    ['a dry run', { dryRun: true }, 'This was a dry run: nothing was changed'],
    ['a refusal', { dryRun: false }, 'No lever was pulled: there is no rollback to verify'],
  ])('is not applicable to %s', (_, over, evidence) => {
    const { acted: _acted, ...incident } = facts.incident;
    const report = buildReport({
      ...facts,
      incident: { ...incident, ...over, ending: 'observed' },
      receipts: [],
      verdicts: [],
    });

    expect(new Set(states(report))).toEqual(new Set(['not-applicable']));
    expect(nth(report, TRAFFIC)[1]).toBe(evidence);
  });
});

describe('SLOs are back within target within the expected time', () => {
  it('names the signals, their last values and the time against the goal', () => {
    expect(nth(aReport(), SLO)).toEqual([
      'proven',
      'errors: 3 in a row below 5 %, the last 0.9658 %; auc: 3 in a row at or above 0.7, the last 0.8153; that took 2 min 41 s of 5 min',
    ]);
  });

  it('is not proven past the goal, though they are back', () => {
    expect(nth(aReport({ timeToRecoverSeconds: 422 }), SLO)).toEqual([
      'not-proven',
      expect.stringContaining('They are back after 7 min 2 s, 2 min 2 s past the goal'),
    ]);
  });

  it('is not proven by any verdict but recovered, nor without one', () => {
    expect(nth(aReport({ verdicts: [first] }), SLO)).toEqual([
      'not-proven',
      'The last verdict is not-recovered: not well are auc',
    ]);
    expect(nth(aReport({ verdicts: [] }), SLO)[0]).toBe('not-proven');
  });
});

describe('queues and backlogs have drained', () => {
  const queue = aSignal({ name: 'backlog', unit: 'count' });
  const series: Series = { signal: queue, well: { is: '<', threshold: 100 }, datapoints: [] };
  const judged = {
    signal: 'backlog',
    well: series.well,
    needed: 3,
    datapoints: [{ at: later(120), value: 12, good: true }],
    verdict: 'recovered' as const,
  };

  it('is proven by a signal that measures one', () => {
    const verdicts = [{ ...last, signals: [...last.signals, judged] }];

    expect(nth(aReport({ series: [series], verdicts }), QUEUES)).toEqual([
      'proven',
      'backlog: 3 in a row below 100, the last 12',
    ]);
  });

  it('is not proven while it is full, or where verify does not look at it', () => {
    const full = [{ ...last, signals: [{ ...judged, verdict: 'not-recovered' as const }] }];

    expect(nth(aReport({ series: [series], verdicts: full }), QUEUES)).toEqual([
      'not-proven',
      'backlog was judged not recovered',
    ]);
    expect(nth(aReport({ series: [series] }), QUEUES)[1]).toBe(
      'backlog was not judged: verify does not name it',
    );
  });

  it.each([
    ['queue-depth X/Y Depth', true],
    ['waiting AWS/SQS ApproximateAgeOfOldestMessage', true],
    ['kafka Shop ConsumerLag', true],
    ['latency Shop Latency', false],
    ['auc Model AUC', false],
  ])('knows what %s measures', (words, is) => {
    const [name = '', namespace = '', metric = ''] = words.split(' ');

    expect(measuresBacklog(aSignal({ name, metric: { namespace, name: metric, dimensions: {} } }))).toBe(is);
  });
});

describe('the notes are updated, and a root cause analysis is scheduled', () => {
  it('names the day, and who looks after it', () => {
    expect(nth(aReport({ acknowledged: { by: 'Ada', at: later(9) } }), NOTES)).toEqual([
      'proven',
      'This report keeps the notes, and the analysis is due on 2026-11-27; Ada looks after it',
    ]);
  });

  it.each([
    ['could be told', facts.pages.map((page) => ({ ...page, outcome: 'failed' as const }))],
    ['is there to be told', []],
  ])('F48: is not proven where nobody %s', (_, pages) => {
    expect(nth(aReport({ pages }), NOTES)).toEqual([
      'not-proven',
      expect.stringContaining('nobody could be told'),
    ]);
  });
});

describe('nothing automatic can promote the bad version again', () => {
  it('is proven by the hold, and names what is quarantined', () => {
    expect(nth(aReport(), PROMOTION)).toEqual([
      'proven',
      'Promotion is on hold since 2026-11-21 09:04:12 UTC, and quarantined: alias:recommender@champion "6"',
    ]);
  });

  it('is not proven without a hold', () => {
    const { hold: _, ...report } = aReport();

    expect(nth(report, PROMOTION)).toEqual(['not-proven', 'No hold stands']);
  });

  it('is not proven while what was moved is not settled: it may come back by itself', () => {
    const receipts = facts.receipts.map((r) =>
      r.phase === 'settle' ? { ...r, outcome: 'failed' as const } : r,
    );

    expect(nth(aReport({ receipts }), PROMOTION)).toEqual([
      'not-proven',
      'It may come back by itself: not settled is alias:recommender@rolled_back',
    ]);
  });

  it('asks no settling of a rung that was not pulled', () => {
    const [flag] = facts.plan?.rungs[0]?.steps ?? [];
    if (!flag) throw new Error('the fixture has a flag');

    expect(nth(aReport({ receipts: [aReceipt(flag, [13, 15])] }), PROMOTION)[0]).toBe('proven');
  });
});
