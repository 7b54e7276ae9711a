import type { AddressNote } from './cluster-addresses.ts';
import type { Acknowledged } from './desk.ts';
import type { REPORT_VERSION } from './format.ts';
import type { AttachedAlarm, Ending, Incident } from './incident.ts';
import type { LeftOut, Plan } from './plan.ts';
import type { CallEntry, Comparison, Signal } from './service.ts';
import type { Receipt } from './step.ts';
import type { Datapoint, VerdictRecord } from './verdict.ts';

/** Working time until a root cause analysis is due: five days. */
export const RCA_DUE_DAYS = 5;

/** One moment of an incident, for the chart and the timeline. */
export interface Mark {
  readonly at: number;
  readonly kind:
    | 'breach'
    | 'alarm'
    | 'open'
    | 'hold'
    | 'lever'
    | 'settle'
    | 'switch'
    | 'verdict'
    | 'recovered'
    | 'end'
    | 'page';
  readonly text: string;
}

/** Where the time went: consecutive phases, seconds each. */
export interface Phase {
  readonly name: 'detect' | 'decide' | 'act' | 'verify' | 'close';
  readonly from: number;
  readonly to: number;
}

/** A signal over the whole incident, against its threshold. */
export interface Series {
  readonly signal: Signal;
  /** The condition that has to hold for the signal to be well. */
  readonly well: Comparison;
  /** What opens an incident. @default - nothing does by this signal, or the report is from before it was kept */
  readonly alarm?: Comparison;
  readonly datapoints: readonly Datapoint[];
  /** Why it could not be read, in a sentence. @default - it was read */
  readonly problem?: string;
}

/** Who was told, by which channel, and whether it went out. */
export interface PageRecord {
  readonly at: number;
  readonly urgency: 'page' | 'notification';
  readonly subject: string;
  readonly channel: string;
  readonly to: string;
  readonly outcome: 'sent' | 'failed';
  readonly problem?: string;
}

/** One item of the post-rollback list. What is not measured is not proven, whatever it looks like. */
export interface CheckItem {
  readonly item: string;
  readonly state: 'proven' | 'not-proven' | 'not-applicable';
  /** One sentence. */
  readonly evidence: string;
}

/** The closing report: who, what, when, why, proven how, how long against the goal. Times are epoch ms, UTC. */
export interface ClosingReport {
  readonly version: typeof REPORT_VERSION;
  readonly incident: Incident;
  readonly ending: Ending;
  readonly reasons: readonly string[];
  readonly alarms: readonly AttachedAlarm[];
  readonly goalSeconds: number;
  /** Alarm state change (or open) until the verdict recovered; absent when it did not recover. */
  readonly timeToRecoverSeconds?: number;
  /** First breaching datapoint until the alarm's state change, where both are known. */
  readonly detectionSeconds?: number;
  readonly phases: readonly Phase[];
  readonly marks: readonly Mark[];
  readonly series: readonly Series[];
  readonly plan?: Plan;
  readonly leftOut: readonly LeftOut[];
  readonly receipts: readonly Receipt[];
  readonly verdicts: readonly VerdictRecord[];
  /** What EKS would not say of clusters. @default - nothing was refused */
  readonly addresses?: AddressNote['refused'];
  readonly hold?: { readonly since: number; readonly reason: string };
  readonly quarantined: readonly { readonly target: string; readonly value: string }[];
  readonly call: readonly CallEntry[];
  readonly pages: readonly PageRecord[];
  /** Who looks after it. @default - nobody has said so */
  readonly acknowledged?: Acknowledged;
  readonly rcaDueAt?: number;
  /** @default - the report is from before it was kept: it follows from the other facts */
  readonly checklist?: readonly CheckItem[];
  readonly nextSteps: readonly string[];
}
