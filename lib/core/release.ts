import type { ArmedService, Cluster } from './service.ts';

/** What one target held: a flag's value, or a model version with its artifact digest. `null`: the alias is not set. */
export interface Held {
  readonly value: string | null;
  /** sha256 over what makes the artifact, where the target has one. */
  readonly digest?: string;
  readonly runId?: string;
}

/** The artifacts that serve a service, by target (`targetOf`). */
export type Release = Readonly<Record<string, Held>>;

/** Where clusters are, by name; `ca` is PEM in base64. */
export type ClusterAddresses = Readonly<Record<string, { readonly endpoint: string; readonly ca: string }>>;

/** What a signal was when a baseline was recorded: the middle value of its datapoints from..to (epoch ms). */
export interface Reference {
  readonly value: number;
  /** What was measured, by `seriesText`. */
  readonly series: string;
  readonly datapoints: number;
  readonly from: number;
  readonly to: number;
}

/** A release recorded as known good. */
export interface Baseline {
  /** `<service>-b<yyyymmddThhmmss>`; newer ones sort later. */
  readonly id: string;
  readonly recordedAt: number;
  readonly by: string;
  readonly release: Release;
  /** By signal, for the conditions against the baseline. @default - there were none */
  readonly references?: Readonly<Record<string, Reference>>;
  /** As they were found when it was recorded. @default - its levers need none */
  readonly clusters?: ClusterAddresses;
}

/** The armed clusters with the addresses that the newest baseline knows; what was armed counts more. */
export function withAddresses(armed: ArmedService, baselines: readonly Baseline[]): ArmedService {
  if (!armed.clusters) return armed;
  const [newest] = [...baselines].sort((a, b) => b.recordedAt - a.recordedAt);
  const known = Object.entries(armed.clusters).map(([name, cluster]): [string, Cluster] => {
    const address = newest?.clusters?.[name];
    const recorded = address && cluster.endpoint === undefined && { recorded: true };
    return [name, { ...address, ...cluster, ...recorded }];
  });
  return { ...armed, clusters: Object.fromEntries(known) };
}

/** Something proven bad, or suspected during an incident; every door refuses the former. */
export interface Quarantine {
  readonly target: string;
  readonly value: string;
  readonly state: 'suspected' | 'quarantined' | 'lifted';
  readonly incident: string;
  readonly since: number;
  /** Epoch ms; it expires then. @default 90 days after `since` */
  readonly until: number;
  readonly liftedBy?: string;
  readonly reason?: string;
}

/** One target that does not hold what the baseline says. */
export interface Difference {
  readonly target: string;
  readonly now: Held;
  readonly baseline: Held;
}

export const QUARANTINE_DAYS = 90;

/** What is quarantined now, leaving out what is only suspected, was lifted or has expired. */
export const inForce = (list: readonly Quarantine[], now: number): Quarantine[] =>
  list.filter((q) => q.state === 'quarantined' && q.until > now);

/** Baselines that hold nothing quarantined, newest first. */
export function provenBaselines(all: readonly Baseline[], quarantined: readonly Quarantine[]): Baseline[] {
  const barred = ([target, held]: [string, Held]) =>
    quarantined.some((q) => q.target === target && q.value === held.value);
  return all
    .filter((baseline) => !Object.entries(baseline.release).some(barred))
    .sort((a, b) => b.recordedAt - a.recordedAt);
}

/** Where what stands now is not what the baseline held; targets the baseline does not know are not compared. */
export function differences(now: Release, baseline: Baseline): Difference[] {
  return Object.entries(now).flatMap(([target, held]) => {
    const known = baseline.release[target];
    const same =
      known && known.value === held.value && (known.digest ?? held.digest) === (held.digest ?? known.digest);
    return !known || same ? [] : [{ target, now: held, baseline: known }];
  });
}
