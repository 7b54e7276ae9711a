/** A report for each way an incident can come out: what people see, looked at in a browser. */
import { buildReport } from '../../lib/core/build-report.ts';
import type { ClosingReport, Series } from '../../lib/core/report.ts';
import { aSignal, auc, later } from './armed.ts';
import { aCanaryReport } from './canary.ts';
import { aReceipt, aReport, aSeries, someFacts } from './fixtures.ts';
import { spoiled } from './spoiled.ts';

const facts = someFacts();
const [first, last] = facts.verdicts;
const { plan } = facts;
if (!first || !last || !plan) throw new Error('the fixture has a plan and two verdicts');

const relative = { percent: -3, reference: 0.812, baseline: 'recommender-b20261114T101500' };
const latency = aSignal({ name: 'latency', statistic: 'p95', unit: 'ms' });
const backlog = aSignal({ name: 'backlog', statistic: 'Maximum', unit: 'count' });
const throughput = aSignal({ name: 'throughput', statistic: 'Sum', unit: 'count' });
const swing = (s: number) => Math.sin(s / 9) + Math.cos(s / 17);

const [errorSeries, aucSeries] = facts.series;
if (!errorSeries || !aucSeries) throw new Error('the fixture has two series');

/** Five signals: one beside its own alarm's threshold, one relative to the baseline, one that falls silent, one unread. */
export const fiveSignals: readonly Series[] = [
  { ...errorSeries, alarm: { is: '>', threshold: 12 } },
  {
    ...aucSeries,
    signal: auc,
    well: { is: '>=', threshold: 0.78764, relative },
    alarm: { is: '<', threshold: 0.78764, relative },
  },
  {
    ...aSeries(latency, { is: '<=', threshold: 250 }, (s) => (s > 60 ? null : 180 + 22 * swing(s))),
    alarm: { is: '>', threshold: 250 },
  },
  aSeries(backlog, { is: '<', threshold: 500 }, (s) =>
    Math.max(12, s < 0 ? 40 : 1240 - Math.abs(s - 70) * 18),
  ),
  {
    ...aSeries(throughput, { is: '>', threshold: 40 }, () => null),
    problem: 'Cannot read signal "throughput": no answer in 5000 ms',
  },
];

const page = {
  at: later(165),
  urgency: 'page',
  subject: 'recommender (prod) needs you: the automation gave up',
  channel: 'pagerduty',
  to: 'ML platform',
  outcome: 'sent',
} as const;

const { acted: _acted, ...untouched } = facts.incident;
const [flagStep, aliasStep] = plan.rungs.map(({ steps }) => steps[0]);
if (!flagStep || !aliasStep) throw new Error('the fixture has two rungs');

const judgedInconclusive = {
  ...last,
  verdict: 'inconclusive' as const,
  reasons: ['auc: 1 of 3 healthy datapoints', 'alarm reinstate-prod-recommender-auc is ALARM'],
};

const recovered = () =>
  buildReport({ ...facts, series: fiveSignals, acknowledged: { by: 'ada', at: later(40) } });

/** By name; each a report of its own. */
export const STATES: Readonly<Record<string, () => ClosingReport>> = {
  recovered,
  late: () => aReport({ timeToRecoverSeconds: 422 }),
  escalated: () =>
    buildReport({
      ...facts,
      incident: {
        ...facts.incident,
        ending: 'escalated',
        reasons: ['Lambda.Unknown: the function ran out of time'],
      },
      receipts: [
        aReceipt(flagStep, [13.6, 15]),
        aReceipt(aliasStep, [66, 90], { outcome: 'failed', note: 'MLflow answered 503 four times in 20 s' }),
      ],
      verdicts: [first],
      quarantined: [],
      pages: [page, { ...page, at: later(405), channel: 'slack', to: 'C024BE91L' }],
    }),
  contained: () =>
    buildReport({
      ...facts,
      incident: { ...facts.incident, ending: 'contained' },
      verdicts: [first, judgedInconclusive],
      quarantined: [],
      pages: [{ ...page, subject: 'recommender (prod) contained: recovery is not proven' }],
      acknowledged: { by: 'grace', at: later(300) },
    }),
  refused: () => {
    const { plan: _plan, ...unplanned } = facts;
    return buildReport({
      ...unplanned,
      incident: {
        ...untouched,
        ending: 'refused',
        reasons: ['nothing differs from the newest baseline "recommender-b20261114T101500"'],
      },
      receipts: [],
      verdicts: [],
      quarantined: [],
      leftOut: [],
    });
  },
  'dry-run': () => {
    const { hold: _hold, ...free } = facts;
    const trigger = {
      kind: 'person',
      service: 'recommender',
      dryRun: true,
      reason: 'before the release',
    } as const;
    return buildReport({
      ...free,
      incident: {
        ...untouched,
        trigger,
        ending: 'observed',
        dryRun: true,
      },
      alarms: [],
      receipts: [],
      verdicts: [],
      quarantined: [],
      pages: [],
    });
  },
  canary: aCanaryReport,
  hostile: () => spoiled(recovered()),
};
