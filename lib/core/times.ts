/** How long incidents took: of one from its report, and over all of a service. */
import type { IncidentSummary } from './incident.ts';
import { nearestRank } from './ranks.ts';
import type { ClosingReport } from './report.ts';
import { tookEffect } from './step.ts';

/** Seconds; what did not happen, or is not known, is absent. */
export interface IncidentTimes {
  /** First breaching datapoint until the alarm's state change. */
  readonly detect?: number;
  /** Alarm state change (or open) until the first lever took effect at its target. */
  readonly act?: number;
  /** Alarm state change (or open) until the verdict recovered. */
  readonly recover?: number;
  /** What the last one is held against. */
  readonly goal: number;
}

/** The times of one incident, as its report has them. */
export function timesOf(report: ClosingReport): IncidentTimes {
  const { detectionSeconds: detect, timeToRecoverSeconds: recover, goalSeconds: goal } = report;
  const act = actSeconds(report);
  return {
    ...(detect !== undefined && { detect }),
    ...(act !== undefined && { act }),
    ...(recover !== undefined && { recover }),
    goal,
  };
}

/** Never below zero, whatever the clocks say (F60). */
function actSeconds({ phases, receipts }: ClosingReport): number | undefined {
  const start = phases.find(({ name }) => name === 'decide')?.from;
  const effects = receipts.filter((r) => r.phase === 'apply' && tookEffect(r)).map((r) => r.endedAt);
  if (start === undefined || effects.length === 0) return undefined;
  return Math.max(0, Math.min(...effects) - start) / 1000;
}

/** The time to recover over all incidents of a service that acted, against its goal; seconds. */
export interface Figures {
  readonly service: string;
  /** Those that pulled a lever and have ended. */
  readonly incidents: number;
  readonly recovered: number;
  /** Recovered, but past the goal of their time. */
  readonly late: number;
  readonly p50?: number;
  readonly p95?: number;
  /** That of the newest. @default - none has ended with its times kept */
  readonly goal?: number;
}

/** What is counted: dry runs and drills are not, nor what never acted. */
type Counted = Pick<IncidentSummary, 'acted' | 'dryRun' | 'endedAt' | 'openedAt' | 'times'>;

/** By nearest rank, so that each figure is the time of an incident that was. */
export function figuresOf(service: string, all: readonly Counted[]): Figures {
  const counted = all
    .filter((i) => i.acted && i.dryRun !== true && i.endedAt !== undefined)
    .toSorted((a, b) => b.openedAt - a.openedAt);
  const timed = counted.flatMap(({ times }) => (times?.recover === undefined ? [] : [times]));
  const sorted = timed.map(({ recover = 0 }) => recover).sort((a, b) => a - b);
  const [p50, p95] = [nearestRank(sorted, 50), nearestRank(sorted, 95)];
  const goal = counted.find(({ times }) => times !== undefined)?.times?.goal;
  return {
    service,
    incidents: counted.length,
    recovered: timed.length,
    late: timed.filter(({ recover = 0, goal: wanted }) => recover > wanted).length,
    ...(p50 !== undefined && { p50 }),
    ...(p95 !== undefined && { p95 }),
    ...(goal !== undefined && { goal }),
  };
}
