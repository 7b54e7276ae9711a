/** What stands in an account, its clusters and its registry before a service is described. Read, never written. */
import type { MissingData } from './service.ts';
import type { Owner } from './step.ts';

/** What was listed; `more`: there is more than is ever read. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

/** An alarm of CloudWatch. */
export type FoundAlarm =
  | MetricAlarm
  /** `why`: what a service file has no words for, such as "it is a composite alarm". */
  | { readonly kind: 'other'; readonly name: string; readonly why: string };

/** An alarm on one metric, against one threshold. Names are as they stand: nobody has looked at them. */
export interface MetricAlarm {
  readonly kind: 'metric';
  readonly name: string;
  readonly arn: string;
  readonly metric: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: Readonly<Record<string, string>>;
  };
  readonly statistic: string;
  readonly periodSeconds: number;
  /** CloudWatch's own word, such as `Milliseconds`. @default - the alarm takes every unit */
  readonly unit?: string | undefined;
  readonly is: '>' | '>=' | '<' | '<=';
  readonly threshold: number;
  readonly datapoints: number;
  readonly of: number;
  /** @default - it says nothing of missing data, or takes it for good */
  readonly missing?: MissingData | undefined;
  readonly inAlarm: boolean;
}

/** A parameter of SSM. Its value stays where it is, but for the word that turns a switch off. */
export type FoundParameter =
  | { readonly kind: 'switch'; readonly name: string; readonly off: string }
  /** `secret`: by its type, or by its name. */
  | { readonly kind: 'secret' | 'text'; readonly name: string };

/** A registered model, and the versions that its aliases name. */
export interface FoundModel {
  readonly name: string;
  readonly aliases: Readonly<Record<string, string>>;
}

/** Where in a cluster something is looked for; everywhere, where no namespace is named. */
export interface ClusterPlace {
  readonly cluster: string;
  readonly namespace?: string | undefined;
}

interface InCluster {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** What has pods. */
export interface FoundWorkload extends InCluster {
  readonly kind: 'rollout' | 'deployment';
  /** What its labels call it: `app`, `app.kubernetes.io/name` and the like. */
  readonly labels: readonly string[];
  readonly owner?: Owner | undefined;
  /** The Helm release whose marks it bears, whoever owns it. */
  readonly release?: string | undefined;
  readonly ports: readonly number[];
  /** Of a Rollout. */
  readonly strategy?: 'canary' | 'blue-green' | undefined;
}

/** A Helm release: of its Secrets only the labels are read. */
export interface FoundRelease extends InCluster {
  readonly status: string;
}

/** An Application of Argo CD. */
export interface FoundApplication extends InCluster {
  /** What it follows, where that is one branch of a Git repository. */
  readonly source?: { readonly repository: string; readonly revision: string; readonly path: string };
  /** Why it can be no lever, where it follows something else. */
  readonly why?: string | undefined;
  readonly auto: boolean;
  readonly selfHeal: boolean;
}

/** All that was found around a service, and sentences for what could not be read: why, and what to do. */
export interface Survey {
  readonly alarms: readonly FoundAlarm[];
  readonly parameters: readonly FoundParameter[];
  readonly models: readonly FoundModel[];
  readonly workloads: readonly FoundWorkload[];
  readonly releases: readonly FoundRelease[];
  readonly applications: readonly FoundApplication[];
  readonly unread: readonly string[];
}
