import * as z from 'zod/mini';
import { servedByPods, workload } from './alias-pods.ts';
import { condition } from './condition.ts';
import { gitLever } from './git-lever.ts';
import { servedAt } from './served-at.ts';

export type { Comparison, Condition } from './condition.ts';
export type { ArgoApplication, GitHost, GitLever } from './git-lever.ts';
export type { ServedAt } from './served-at.ts';

/** Units a signal or a threshold can have. */
export const UNITS = ['ms', 's', 'min', '%', 'count', 'ratio'] as const;
export const unit = z.enum(UNITS);
export type Unit = z.infer<typeof unit>;

/** What a period without data means: breaching, ignored, or unknown (CloudWatch: breaching, ignore, missing). */
export const missingData = z.enum(['breach', 'wait', 'inconclusive']);
export type MissingData = z.infer<typeof missingData>;

/** One measured series. `lagSeconds`: how long after the switch they still speak of the time before; `alarm` names an existing alarm by ARN. */
export const signal = z.strictObject({
  name: z.string(),
  metric: z.strictObject({
    namespace: z.string(),
    name: z.string(),
    dimensions: z.record(z.string(), z.string()),
  }),
  statistic: z.string(),
  periodSeconds: z.int(),
  unit,
  lagSeconds: z.number(),
  missing: missingData,
  alarm: z.optional(z.string()),
});
export type Signal = z.infer<typeof signal>;

/** A feature flag in an SSM parameter. `cacheSeconds` is how long its readers may keep an old value. */
export const flagLever = z.strictObject({
  kind: z.literal('flag'),
  name: z.string(),
  parameter: z.string(),
  safe: z.string(),
  alwaysSafe: z.boolean(),
  cacheSeconds: z.number(),
  served: z.optional(servedAt),
});
export type FlagLever = z.infer<typeof flagLever>;

/** An alias of a registered MLflow model. Serving follows it only after `reload`: a URL, or pods to be restarted. */
export const aliasLever = z.strictObject({
  kind: z.literal('alias'),
  name: z.string(),
  model: z.string(),
  alias: z.string(),
  reload: z.optional(z.union([z.string(), workload])),
  cacheSeconds: z.number(),
  served: z.union([servedAt, servedByPods]),
});
export type AliasLever = z.infer<typeof aliasLever>;

/**
 * Requests by version, counted where users are answered: one series (a Sum) for each value of the dimension `by`.
 * `least`: requests in the window that prove something.
 */
export const traffic = z.strictObject({
  metric: z.strictObject({
    namespace: z.string(),
    name: z.string(),
    dimensions: z.record(z.string(), z.string()),
  }),
  by: z.string(),
  periodSeconds: z.int(),
  windowSeconds: z.int(),
  least: z.int(),
});
export type Traffic = z.infer<typeof traffic>;

/** Where an object of Kubernetes stands: `cluster` is a key of the environment's `clusters`. */
const inCluster = { cluster: z.string(), namespace: z.string(), cacheSeconds: z.number() };

/**
 * An Argo Rollout. Its value is the pod-template-hash of the ReplicaSet that serves. `part`: who gets requests
 * (`traffic`, what is pulled), or the template that the next change starts from (`spec`, what settles it).
 */
export const rolloutLever = z.strictObject({
  kind: z.literal('rollout'),
  name: z.string(),
  rollout: z.string(),
  part: z.enum(['traffic', 'spec']),
  ...inCluster,
  served: z.optional(servedAt),
  traffic: z.optional(traffic),
});
export type RolloutLever = z.infer<typeof rolloutLever>;

/**
 * A plain Deployment. Its value is the pod-template-hash of the ReplicaSet that its controller goes to; users are served
 * by every ReplicaSet that has pods.
 */
export const deploymentLever = z.strictObject({
  kind: z.literal('deployment'),
  name: z.string(),
  deployment: z.string(),
  ...inCluster,
  served: z.optional(servedAt),
  traffic: z.optional(traffic),
});
export type DeploymentLever = z.infer<typeof deploymentLever>;

/** A Helm release. Its value is the revision that serves; one that was rolled back to has the number it was made under. */
export const helmLever = z.strictObject({
  kind: z.literal('helm'),
  name: z.string(),
  release: z.string(),
  ...inCluster,
  served: z.optional(servedAt),
});
export type HelmLever = z.infer<typeof helmLever>;

/** Every kind of lever Reinstate can pull. `kind` says which; the registry of adapters is complete by this type. */
export const lever = z.discriminatedUnion('kind', [
  flagLever,
  aliasLever,
  rolloutLever,
  deploymentLever,
  helmLever,
  gitLever,
]);
export type Lever = z.infer<typeof lever>;
export type LeverKind = Lever['kind'];
export const LEVER_KINDS = [
  'flag',
  'alias',
  'rollout',
  'deployment',
  'helm',
  'git',
] as const satisfies readonly LeverKind[];

/** One word of a rung: this lever `off` (its declared safe value) or `back` (its baseline value). */
export const pull = z.strictObject({ lever: z.string(), verb: z.enum(['off', 'back']) });
export type Pull = z.infer<typeof pull>;

/** Who is called, and how. */
export const callEntry = z.strictObject({
  kind: z.enum(['email', 'https', 'sns', 'slack', 'pagerduty']),
  /** An address, a topic's ARN, a channel's id, or what a service is called in PagerDuty. */
  to: z.string(),
  /** ARN of the secret with the token or the routing key, read at use. */
  secret: z.optional(z.string()),
  /** Where PagerDuty keeps the account. @default us */
  region: z.optional(z.literal('eu')),
  /** A stand-in for the vendor's host; used in `local` only. */
  url: z.optional(z.string()),
  /** Called only when nobody has acknowledged for so long. @default - at once */
  afterSeconds: z.optional(z.number()),
});
export type CallEntry = z.infer<typeof callEntry>;

export const runbook = z.strictObject({
  goalSeconds: z.number(),
  call: z.array(callEntry),
  preApproved: z.array(z.string()),
});
export type Runbook = z.infer<typeof runbook>;

/** Three lines: any of `when` starts an incident, `do` is a ladder of rungs, all of `verify` prove recovery. */
export const policy = z.strictObject({
  when: z.array(condition),
  do: z.array(z.array(pull)),
  verify: z.array(condition),
});
export type Policy = z.infer<typeof policy>;

/** A service file, normalised: every unit converted, every default filled in. */
export const service = z.strictObject({
  name: z.string(),
  signals: z.array(signal),
  levers: z.array(lever),
  runbook,
  policy,
});
export type Service = z.infer<typeof service>;

/** How MLflow is reached. `secret` is the ARN of a Secrets Manager secret, read at use. */
export const mlflow = z.strictObject({ url: z.string(), secret: z.optional(z.string()) });
export type Mlflow = z.infer<typeof mlflow>;

/**
 * How a cluster is reached. `eks`: its name, from which endpoint and CA (PEM in base64) are resolved where they are not
 * given, and for which tokens are made. `secret`: ARN of a secret with `{"token"}`, for clusters that are not EKS.
 */
export const cluster = z.strictObject({
  eks: z.optional(z.string()),
  endpoint: z.optional(z.string()),
  ca: z.optional(z.string()),
  secret: z.optional(z.string()),
  /** Endpoint and CA are as EKS gave them, once or now: no file names them. */
  recorded: z.optional(z.boolean()),
});
export type Cluster = z.infer<typeof cluster>;

/** What a deploy arms: the service, its alarms, and all that an incident needs to know of its environment. */
export const armedService = z.strictObject({
  environment: z.string(),
  account: z.string(),
  region: z.string(),
  firstMode: z.enum(['off', 'observe', 'act']),
  insecureLocal: z.boolean(),
  mlflow: z.optional(mlflow),
  clusters: z.optional(z.record(z.string(), cluster)),
  alarms: z.array(z.strictObject({ arn: z.string(), condition })),
  service,
});
export type ArmedService = z.infer<typeof armedService>;

/** What a lever acts on, in words that are equal exactly when the target is the same. */
export function targetOf(l: Lever): string {
  switch (l.kind) {
    case 'flag':
      return `flag:${l.parameter}`;
    case 'alias':
      return `alias:${l.model}@${l.alias}`;
    case 'rollout':
      return `${l.part === 'spec' ? 'rollout-spec' : 'rollout'}:${l.cluster}/${l.namespace}/${l.rollout}`;
    case 'deployment':
      return `deployment:${l.cluster}/${l.namespace}/${l.deployment}`;
    case 'helm':
      return `helm:${l.cluster}/${l.namespace}/${l.release}`;
    case 'git':
      return `git:${l.repository}@${l.branch}:${l.paths.join(',')}`;
  }
}

/** The named signal of a service. @throws when the service has none of that name: the files refuse that earlier. */
export function signalNamed(s: Service, name: string): Signal {
  const found = s.signals.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`Cannot find signal "${name}" of service "${s.name}"`);
  return found;
}
