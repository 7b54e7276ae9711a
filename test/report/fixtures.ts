import { buildReport, type IncidentFacts } from '../../lib/core/build-report.ts';
import type { ClosingReport, Series } from '../../lib/core/report.ts';
import type { Signal } from '../../lib/core/service.ts';
import type { PlannedStep, Receipt } from '../../lib/core/step.ts';
import { type Judged, meets, type VerdictRecord } from '../../lib/core/verdict.ts';
import {
  ALARM_AT,
  AUC_ALARM,
  alias,
  anArmedService,
  auc,
  ERRORS_ALARM,
  errors,
  flag,
  later,
} from './armed.ts';

/** Datapoints every period from 120 s before the alarm; `value` is of the seconds after the alarm. */
export function aSeries(signal: Signal, well: Series['well'], value: (s: number) => number | null): Series {
  const seconds = Array.from({ length: 31 }, (_, i) => -123 + i * signal.periodSeconds);
  const datapoints = seconds.flatMap((s) => {
    const v = value(s);
    return v === null ? [] : [{ at: later(s), value: v }];
  });
  return { signal, well, datapoints };
}

const wave = (s: number): number => Math.sin(s / 7) + Math.cos(s / 13);
const errorSeries = aSeries(errors, { is: '<', threshold: 5 }, (s) =>
  s < -35 || s > 22 ? 0.9 + 0.3 * wave(s) : 31 + 4 * wave(s),
);
const aucSeries = aSeries(auc, { is: '>=', threshold: 0.7 }, (s) => {
  if (s === -63 || s === -73 || s === -53) return null;
  return s < -25 || s > 95 ? 0.814 + 0.006 * wave(s) : 0.58 + 0.012 * wave(s);
});

const flagStep: PlannedStep = {
  id: '1.1',
  phase: 'apply',
  lever: flag,
  target: 'flag:/recommender/new-features',
  from: { value: 'true' },
  to: { value: 'false' },
  manual:
    "aws ssm put-parameter --name '/recommender/new-features' --type String --value 'false' --overwrite",
};
const aliasStep: PlannedStep = {
  id: '2.1',
  phase: 'apply',
  lever: alias,
  target: 'alias:recommender@champion',
  from: { value: '6', digest: 'sha256:9f31c0' },
  to: { value: '5', digest: 'sha256:4a7bd2' },
  manual: `curl -X POST 'https://mlflow.example.com/api/2.0/mlflow/registered-models/alias' -H 'Content-Type: application/json' -d '{"name":"recommender","alias":"champion","version":"5"}'`,
};
const settleStep: PlannedStep = {
  ...aliasStep,
  id: '2.1.s1',
  phase: 'settle',
  lever: { ...alias, alias: 'rolled_back' },
  target: 'alias:recommender@rolled_back',
  from: { value: null },
  to: { value: '6' },
};

export function aReceipt(
  step: PlannedStep,
  times: readonly [number, number],
  spoiled: Partial<Receipt> = {},
): Receipt {
  return {
    step: step.id,
    rung: Number(step.id.split('.')[0]),
    phase: step.phase,
    lever: step.lever.kind,
    name: step.lever.name,
    target: step.target,
    to: step.to.value,
    outcome: 'applied',
    before: { ...step.from, ...(step.lever.kind === 'flag' && { revision: '41' }) },
    after: { ...step.to, ...(step.lever.kind === 'flag' && { revision: '42' }) },
    startedAt: later(times[0]),
    endedAt: later(times[1]),
    cacheSeconds: step.lever.cacheSeconds,
    fence: 7,
    ...spoiled,
  };
}

function judged({ signal, well, datapoints }: Series, times: readonly [number, number]): Judged {
  const fresh = datapoints.filter((d) => d.at >= later(times[0]) && d.at <= later(times[1]));
  const points = fresh.map((d) => ({ ...d, good: meets(d.value, well) }));
  const verdict = points.every((d) => d.good) ? 'recovered' : 'not-recovered';
  return { signal: signal.name, well, needed: 3, datapoints: points, verdict };
}

const verdicts: VerdictRecord[] = [
  {
    rung: 1,
    verdict: 'not-recovered',
    judgedAt: later(62),
    switchAt: later(20),
    signals: [judged(errorSeries, [27, 47]), judged(aucSeries, [27, 47])],
    served: [{ target: flagStep.target, expected: 'false', values: ['false'], good: true }],
    alarms: [{ arn: ERRORS_ALARM, state: 'OK', since: later(50), windowSeconds: 50 }],
    reasons: [],
    alarmsSeen: 2,
  },
  {
    rung: 2,
    verdict: 'recovered',
    judgedAt: later(161),
    switchAt: later(92),
    signals: [judged(errorSeries, [97, 137]), judged(aucSeries, [97, 137])],
    served: [{ target: aliasStep.target, expected: '5', values: ['5', '5', '5'], good: true }],
    alarms: [
      { arn: ERRORS_ALARM, state: 'OK', since: later(50), windowSeconds: 50 },
      { arn: AUC_ALARM, state: 'OK', since: later(140), windowSeconds: 50 },
    ],
    reasons: [],
    alarmsSeen: 2,
  },
];

/** An incident like that of the demo: the flag stops the errors, the alias brings the AUC back. */
export function someFacts(spoiled: Partial<IncidentFacts> = {}): IncidentFacts {
  return {
    incident: {
      id: 'recommender-20261121T090405-1a2b3c4d',
      service: 'recommender',
      environment: 'prod',
      state: 'closing',
      openedAt: later(2),
      trigger: {
        kind: 'alarm',
        alarmArn: ERRORS_ALARM,
        alarmName: 'reinstate-prod-recommender-errors',
        state: 'ALARM',
        reason: 'Threshold Crossed: 3 out of the last 5 datapoints were greater than the threshold (5.0)',
        at: ALARM_AT,
        account: '111122223333',
        region: 'eu-west-1',
      },
      dryRun: false,
      alarms: 2,
      takeovers: 0,
      mode: 'act',
      deadlineAt: later(482),
      acted: true,
      ending: 'recovered',
    },
    armed: anArmedService(),
    alarms: [
      { arn: ERRORS_ALARM, at: ALARM_AT, joinedAt: later(2) },
      { arn: AUC_ALARM, at: later(12), joinedAt: later(14) },
    ],
    plan: {
      service: 'recommender',
      baseline: 'recommender-b20261114T101500',
      differences: [
        { target: flagStep.target, now: { value: 'true' }, baseline: { value: 'false' } },
        { target: aliasStep.target, now: { value: '6' }, baseline: { value: '5' } },
      ],
      rungs: [
        { steps: [flagStep], settle: [] },
        { steps: [aliasStep], settle: [settleStep] },
      ],
      leftOut: [],
      deadlineSeconds: 480,
    },
    receipts: [
      aReceipt(flagStep, [13.6, 15]),
      aReceipt(aliasStep, [66, 90]),
      aReceipt(settleStep, [91, 91.8]),
    ],
    verdicts,
    hold: { since: later(9), reason: 'incident recommender-20261121T090405-1a2b3c4d' },
    quarantined: [{ target: aliasStep.target, value: '6' }],
    pages: [
      {
        at: later(163),
        urgency: 'notification',
        subject: 'recommender recovered',
        channel: 'sns',
        to: 'arn:aws:sns:eu-west-1:111122223333:reinstate-prod-pages',
        outcome: 'sent',
      },
      {
        at: later(163),
        urgency: 'notification',
        subject: 'recommender recovered',
        channel: 'email',
        to: 'oncall@example.com',
        outcome: 'failed',
        problem: 'the subscription is not confirmed',
      },
    ],
    series: [errorSeries, aucSeries],
    leftOut: [{ lever: 'ranker', reason: 'it is not pre-approved: a person has to start this rollback' }],
    now: later(164),
    ...spoiled,
  };
}

/** The report of that incident, spoiled where a test wants it. */
export const aReport = (spoiled: Partial<ClosingReport> = {}): ClosingReport => ({
  ...buildReport(someFacts()),
  ...spoiled,
});
