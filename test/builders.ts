/** Small builders with the demo's service as default: each test says only what it is about. */
import type { Cursor, Incident } from '../lib/core/incident.ts';
import type { Lease } from '../lib/core/lease.ts';
import { type Plan, type PlanInput, planRollback, type Standing } from '../lib/core/plan.ts';
import type { Baseline, Quarantine } from '../lib/core/release.ts';
import type { PlannedStep, Receipt } from '../lib/core/step.ts';
import type { AlarmTrigger } from '../lib/core/trigger.ts';
import type { VerdictRecord } from '../lib/core/verdict.ts';
import {
  ACCOUNT,
  ALARM_AT,
  alarmArn,
  anArmedService,
  at,
  CHAMPION,
  ENVIRONMENT,
  executionArn,
  FLAG,
  REGION,
} from './service-builders.ts';

export * from './service-builders.ts';

/** The flag off, version 3 as champion; older ones by `id` and `recordedAt`. */
export const aBaseline = (over: Partial<Baseline> = {}): Baseline => ({
  id: 'recommender-b20261114T101500',
  recordedAt: Date.UTC(2026, 10, 14, 10, 15),
  by: 'release',
  release: { [FLAG]: { value: 'false' }, [CHAMPION]: { value: '3', digest: 'digest-3' } },
  ...over,
});

export const aQuarantine = (over: Partial<Quarantine> = {}): Quarantine => ({
  target: CHAMPION,
  value: '4',
  state: 'quarantined',
  incident: 'recommender-20261101T000000-0123abcd',
  since: at(-86_400),
  until: at(86_400),
  ...over,
});

const BAD: Record<string, Standing> = {
  [FLAG]: { observed: { value: 'true', revision: '2' }, served: ['true'] },
  [CHAMPION]: {
    observed: {
      value: '4',
      digest: 'digest-4',
      runId: 'run-4',
      candidate: { value: '3', fit: 'ready', digest: 'digest-3' },
    },
    served: ['4'],
  },
};

/** What the plan sees after the bad release: the flag on, version 4 standing and served. */
export const whatIsSeen = (over: PlanInput['seen'] = {}): PlanInput['seen'] => ({ ...BAD, ...over });

export const aPlanInput = (over: Partial<PlanInput> = {}): PlanInput => ({
  armed: anArmedService(),
  baselines: [aBaseline()],
  seen: whatIsSeen(),
  startedByPerson: false,
  ...over,
});

/** The plan of the demo, or of what `over` makes of it. @throws when it is refused. */
export function aPlan(over: Partial<PlanInput> = {}): Plan {
  const result = planRollback(aPlanInput(over));
  if (result.outcome === 'planned') return result.plan;
  throw new Error(`Cannot build a plan: ${result.reasons.join('; ')}`);
}

/** One step of the demo's plan: `1.1` the flag, `2.1` the champion, `2.1.s1` and `2.1.s2` what settles it. */
export function aStep(id = '1.1', over: Partial<PlannedStep> = {}): PlannedStep {
  const steps = aPlan().rungs.flatMap((rung) => [...rung.steps, ...rung.settle]);
  const found = steps.find((step) => step.id === id);
  if (!found) throw new Error(`Cannot build step ${id}: the demo's plan has none`);
  return { ...found, ...over };
}

/** A step that was applied 10 s after the alarm. */
export function aReceipt(step: PlannedStep = aStep(), over: Partial<Receipt> = {}): Receipt {
  return {
    step: step.id,
    rung: Number.parseInt(step.id, 10),
    phase: step.phase,
    lever: step.lever.kind,
    name: step.lever.name,
    target: step.target,
    to: step.to.value,
    outcome: 'applied',
    before: step.from,
    after: step.to,
    startedAt: at(9),
    endedAt: at(10),
    cacheSeconds: step.lever.cacheSeconds,
    fence: 1,
    ...over,
  };
}

export const aVerdict = (over: Partial<VerdictRecord> = {}): VerdictRecord => ({
  rung: 1,
  verdict: 'recovered',
  judgedAt: at(90),
  switchAt: at(15),
  signals: [],
  served: [{ target: FLAG, expected: 'false', values: ['false'], good: true }],
  alarms: [],
  reasons: [],
  alarmsSeen: 1,
  ...over,
});

export const anAlarmTrigger = (over: Partial<AlarmTrigger> = {}): AlarmTrigger => ({
  kind: 'alarm',
  alarmArn: alarmArn('error-ratio'),
  alarmName: 'reinstate-local-recommender-error-ratio',
  state: 'ALARM',
  reason: 'Threshold Crossed',
  at: ALARM_AT,
  account: ACCOUNT,
  region: REGION,
  ...over,
});

export const anIncident = (over: Partial<Incident> = {}): Incident => ({
  id: 'recommender-20261121T090405-1a2b3c4d',
  service: 'recommender',
  environment: ENVIRONMENT,
  state: 'running',
  openedAt: at(5),
  trigger: anAlarmTrigger(),
  dryRun: false,
  alarms: 1,
  takeovers: 0,
  mode: 'act',
  deadlineAt: at(475),
  ...over,
});

export const aLease = (over: Partial<Lease> = {}): Lease => ({
  service: 'recommender',
  fence: 1,
  owner: executionArn('first'),
  incident: anIncident().id,
  takenAt: at(5),
  ...over,
});

export const aCursor = (over: Partial<Cursor> = {}): Cursor => ({
  incident: anIncident().id,
  service: 'recommender',
  fence: 1,
  next: 'plan',
  rung: 0,
  steps: [],
  settle: [],
  waitSeconds: 0,
  ...over,
});
