/** The figures of the dashboard: what is counted of an incident when it ends, and of an environment each minute. */
import type { ClosingReport } from './report.ts';
import type { LeverKind } from './service.ts';
import { type Receipt, tookEffect } from './step.ts';
import { timesOf } from './times.ts';

/** The namespace of all metrics of ours. */
export const NAMESPACE = 'Reinstate';

/** The dimension that each of them has. */
export const ENVIRONMENT_DIMENSION = 'Environment';

/** The sweeper's sign of life: 1 for each sweep without a problem. */
export const HEARTBEAT_METRIC = 'SweeperHeartbeat';

/** What figures are told apart by, beside the environment. Each has few values, and none is free text. */
export type Label = 'Service' | 'Ending' | 'Lever';

interface Metric {
  /** As CloudWatch spells it. */
  readonly unit: 'Count' | 'Seconds' | 'Percent';
  /** Each is one metric for every value of its labels, and CloudWatch bills metrics. */
  readonly by: readonly (readonly Label[])[];
}

export const METRICS = {
  /** 1 for each incident that ended. */
  Incidents: { unit: 'Count', by: [['Ending'], ['Service']] },
  /** First breaching datapoint until the alarm's state change, where both are known. */
  TimeToDetect: { unit: 'Seconds', by: [[], ['Service']] },
  /** Alarm state change (or open) until the first lever has taken effect at its target. */
  TimeToAct: { unit: 'Seconds', by: [[], ['Service']] },
  /** Alarm state change (or open) until the verdict recovered. */
  TimeToRecover: { unit: 'Seconds', by: [[], ['Service']] },
  /** 100 for an incident that recovered within its goal; 0 for one that was late, contained or escalated. */
  WithinGoal: { unit: 'Percent', by: [[]] },
  /** Steps that put something, or found it put, and those that did not; settle steps among them. */
  LeversApplied: { unit: 'Count', by: [['Lever']] },
  LeversFailed: { unit: 'Count', by: [['Lever']] },
  /** Running, or ended and waiting for a person. */
  IncidentsOpen: { unit: 'Count', by: [[]] },
  /** Services whose promotion is stopped. */
  HoldsOpen: { unit: 'Count', by: [[]] },
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

/** Figures of one moment (epoch ms) that share their labels. */
export interface Measurement {
  readonly at: number;
  readonly labels: Readonly<Partial<Record<Label, string>>>;
  readonly values: Readonly<Partial<Record<MetricName, number>>>;
}

/** What an incident that has ended is counted by: one measurement of itself, and one for each kind of lever it pulled. */
export function incidentMeasurements(report: ClosingReport, endedAt: number): Measurement[] {
  const { incident, ending, receipts } = report;
  const kinds = [...new Set(receipts.map(({ lever }) => lever))];
  return [
    {
      at: endedAt,
      labels: { Service: incident.service, Ending: ending },
      values: { Incidents: 1, ...measuredTimes(report), ...withinGoal(report) },
    },
    ...kinds.map((lever) => leverMeasurement(lever, receipts, endedAt)),
  ];
}

function measuredTimes(report: ClosingReport): Measurement['values'] {
  const { detect, act, recover } = timesOf(report);
  return {
    ...(detect !== undefined && { TimeToDetect: detect }),
    ...(act !== undefined && { TimeToAct: act }),
    ...(recover !== undefined && { TimeToRecover: recover }),
  };
}

/** Whoever refused, observed or was stopped was not on the goal's clock. */
function withinGoal({ ending, timeToRecoverSeconds, goalSeconds }: ClosingReport): Measurement['values'] {
  if (ending === 'refused' || ending === 'observed' || ending === 'cancelled') return {};
  const inTime = timeToRecoverSeconds !== undefined && timeToRecoverSeconds <= goalSeconds;
  return { WithinGoal: inTime ? 100 : 0 };
}

function leverMeasurement(lever: LeverKind, receipts: readonly Receipt[], at: number): Measurement {
  const ofKind = receipts.filter((receipt) => receipt.lever === lever);
  const applied = ofKind.filter(tookEffect).length;
  return {
    at,
    labels: { Lever: lever },
    values: { LeversApplied: applied, LeversFailed: ofKind.length - applied },
  };
}

/** What stands in an environment now. */
export const standingMeasurement = (
  at: number,
  { incidents, holds }: { readonly incidents: number; readonly holds: number },
): Measurement => ({ at, labels: {}, values: { IncidentsOpen: incidents, HoldsOpen: holds } });
