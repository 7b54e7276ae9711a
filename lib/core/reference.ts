/** What signals were when a baseline was recorded, and the thresholds that follow from it. */
import { conditionWords, thresholdFrom } from './condition.ts';
import { completeAfterSeconds } from './deadline.ts';
import { median } from './ranks.ts';
import type { Baseline, Reference } from './release.ts';
import { type ArmedService, type Condition, type Service, type Signal, signalNamed } from './service.ts';
import type { Datapoint } from './verdict.ts';

/** A reference is the middle value of this long, or of `REFERENCE_PERIODS` where periods are long. */
const REFERENCE_SECONDS = 15 * 60;
const REFERENCE_PERIODS = 12;

/** What a signal measures: a reference of the same name that measured something else is none. */
export const seriesText = ({ metric, statistic, periodSeconds }: Signal): string =>
  [
    metric.namespace,
    metric.name,
    ...Object.entries(metric.dimensions)
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
    statistic,
    `${periodSeconds} s`,
  ].join(' ');

/** The conditions of a service that are measured against its baseline. */
export const relativeConditions = ({ policy }: Service): Condition[] =>
  [...policy.when, ...policy.verify].filter((c) => c.relative !== undefined);

/** The signals that need a reference, each with the most datapoints that a condition on it counts. */
export function referencesNeeded(service: Service): { signal: Signal; datapoints: number }[] {
  const conditions = relativeConditions(service);
  return [...new Set(conditions.map((c) => c.signal))].map((name) => ({
    signal: signalNamed(service, name),
    datapoints: Math.max(...conditions.filter((c) => c.signal === name).map((c) => c.of)),
  }));
}

/** The whole periods that a reference is taken from, epoch ms: the latest that are complete. */
export function referenceWindow(
  { signal, datapoints }: { signal: Signal; datapoints: number },
  now: number,
): { from: number; to: number } {
  const period = signal.periodSeconds * 1000;
  const complete = now - completeAfterSeconds(signal.periodSeconds) * 1000;
  const to = Math.floor(complete / period) * period;
  const periods = Math.max(
    Math.ceil(REFERENCE_SECONDS / signal.periodSeconds),
    REFERENCE_PERIODS,
    datapoints,
  );
  return { from: to - periods * period, to };
}

/**
 * The middle value of a signal: one outlier does not move it, and a mean of percentiles is no percentile.
 * @returns the reference, or in words why there is none.
 */
export function referenceOf(
  { signal, datapoints: needed }: { signal: Signal; datapoints: number },
  seen: readonly Datapoint[],
  { from, to }: { from: number; to: number },
): Reference | string {
  const values = seen.map((d) => d.value);
  if (values.length < needed) {
    return `signal ${signal.name} has ${values.length} datapoints in ${Math.round((to - from) / 1000)} s, and its condition counts ${needed}: publish it, wait, and record again`;
  }
  const value = median(values);
  if (value > 0) return { value, series: seriesText(signal), datapoints: values.length, from, to };
  return `signal ${signal.name} is ${value}, and per cent of that say nothing: give its condition a fixed threshold`;
}

/** Every condition against the baseline with its threshold, where that baseline knows the reference. */
export function withReferences(armed: ArmedService, baseline: Baseline | undefined): ArmedService {
  if (!baseline || relativeConditions(armed.service).length === 0) return armed;
  const { service } = armed;
  const known = (condition: Condition) => resolved(condition, service, baseline);
  const { when, verify } = service.policy;
  const policy = { ...service.policy, when: when.map(known), verify: verify.map(known) };
  const alarms = armed.alarms.map((alarm) => ({ ...alarm, condition: known(alarm.condition) }));
  return { ...armed, alarms, service: { ...service, policy } };
}

/** What is known stays as it is: an incident keeps the reference that it opened with. */
function resolved(condition: Condition, service: Service, baseline: Baseline): Condition {
  const { relative } = condition;
  if (!relative || condition.threshold !== undefined) return condition;
  const reference = baseline.references?.[condition.signal];
  if (!reference || reference.series !== seriesText(signalNamed(service, condition.signal))) return condition;
  return {
    ...condition,
    threshold: thresholdFrom(reference.value, relative.percent),
    relative: { ...relative, reference: reference.value, baseline: baseline.id },
  };
}

/** Why a service cannot be judged: its conditions without a reference, in one sentence; or nothing. */
export function missingReferences(
  { service, environment }: ArmedService,
  baseline: Pick<Baseline, 'id'> | undefined,
): string | undefined {
  const missing = relativeConditions(service).filter((c) => c.threshold === undefined);
  const names = [...new Set(missing.map(conditionWords))];
  if (names.length === 0) return undefined;
  const why = baseline
    ? `baseline ${baseline.id} has no reference for it`
    : 'no baseline has a reference for it';
  return `${names.join(', ')} cannot be judged: ${why}; when the service is well, record one: npx reinstate baseline record ${service.name} --env ${environment}`;
}

export interface Referenced {
  readonly armed: ArmedService;
  /** Why it cannot be judged, in a sentence. */
  readonly missing?: string;
}

/** A service with the references that it has and those of a baseline. */
export function referredTo(armed: ArmedService, baseline: Baseline | undefined): Referenced {
  const known = withReferences(armed, baseline);
  const missing = missingReferences(known, baseline);
  return { armed: known, ...(missing !== undefined && { missing }) };
}
