/** CloudWatch: what users are served makes datapoints, late or missing now and then, and datapoints make alarms. */

import { firesAt } from '../adapters/memory/alarm-keeper.ts';
import { comparisonOf } from '../core/condition.ts';
import type { ArmedService, Condition, Signal } from '../core/service.ts';
import { type Datapoint, meets } from '../core/verdict.ts';
import type { Chance } from './chance.ts';
import type { Scheduler } from './scheduler.ts';
import { type SimulatedService, type SimulatedWorld, servesBad } from './world.ts';

/** Two services may have signals of one name: a series is its metric and its statistic. */
export const seriesOf = ({ name, metric, statistic }: Signal): string =>
  [name, metric.namespace, metric.name, ...Object.entries(metric.dimensions).flat(), statistic].join(' ');

export interface MeasuresProps {
  readonly scheduler: Scheduler;
  readonly world: SimulatedWorld;
  readonly chance: Chance;
  readonly odds: MeasureOdds;
  /** An alarm (its ARN) has changed its state. */
  changed(arn: string): void;
}

/** How often a datapoint does not come as it should, each from 0 to 1. */
export interface MeasureOdds {
  readonly late: number;
  readonly missing: number;
  readonly notANumber: number;
}

type Armed = ArmedService['alarms'][number];

/** Two minutes: F44. */
const LATE_MS = 120_000;

/** Begins to measure a service, every signal in its own periods. */
export function measure(props: MeasuresProps, service: SimulatedService): void {
  for (const signal of service.armed.service.signals) {
    const values = valuesOf(service.armed, signal);
    tick(props, service, { signal, values, wasBad: false });
  }
}

interface Series {
  readonly signal: Signal;
  readonly values: { readonly good: number; readonly bad: number };
  wasBad: boolean;
}

/** A period in which anything bad was served is a bad period. */
function tick(props: MeasuresProps, service: SimulatedService, series: Series): void {
  const { scheduler, world } = props;
  const period = series.signal.periodSeconds * 1000;
  const now = scheduler.clock.now();
  const end = (Math.floor(now / period) + 1) * period;
  scheduler.after(end - now, () => {
    const bad = servesBad(world, service, series.signal.name);
    const value = bad || series.wasBad ? series.values.bad : series.values.good;
    series.wasBad = bad;
    publish(props, service, { signal: series.signal, point: { at: end - period, value } });
    tick(props, service, series);
  });
}

interface Point {
  readonly signal: Signal;
  readonly point: Datapoint;
}

function publish(props: MeasuresProps, service: SimulatedService, { signal, point }: Point): void {
  const { scheduler, world, chance, odds } = props;
  const key = seriesOf(signal);
  const name = `${key} ${point.at}`;
  if (chance.happens(`${name} missing`, odds.missing)) {
    evaluate(props, service, signal);
    return;
  }
  const value = chance.happens(`${name} NaN`, odds.notANumber) ? Number.NaN : point.value;
  const late = chance.happens(`${name} late`, odds.late) ? LATE_MS * chance.number(`${name} lateness`) : 0;
  scheduler.after(200 + late, () => {
    const known = world.datapoints.get(key) ?? [];
    known.push({ at: point.at, value });
    world.datapoints.set(key, known);
    evaluate(props, service, signal);
  });
}

/** An alarm on a metric is evaluated soon after its datapoints come. */
function evaluate(props: MeasuresProps, service: SimulatedService, signal: Signal): void {
  const seconds = signal.periodSeconds < 60 ? 5 : 20;
  for (const alarm of service.armed.alarms.filter((a) => a.condition.signal === signal.name)) {
    props.scheduler.after(seconds * 1000, () => {
      if (turned(props, signal, alarm)) props.changed(alarm.arn);
    });
  }
}

/** M of the last N periods that have data; without any, as the signal says. @returns whether its state changed. */
function turned({ world, scheduler }: MeasuresProps, signal: Signal, { arn, condition }: Armed): boolean {
  const known = world.alarms.get(arn);
  if (!known) return false;
  // What comes late belongs to its own period.
  const inOrder = (world.datapoints.get(seriesOf(signal)) ?? []).toSorted((a, b) => a.at - b.at);
  const last = inOrder.slice(-condition.of);
  const breach = firesAt(world, { arn, condition });
  const breaching = breach ? last.filter((d) => meets(d.value, breach)).length : 0;
  const state = breaching >= condition.datapoints ? 'ALARM' : 'OK';
  if (known.state === state) return false;
  world.alarms.set(arn, { ...known, state, since: scheduler.clock.now() });
  return true;
}

/** A value that is well by every condition on a signal, and one that breaches them all. */
export function valuesOf({ service: { policy } }: ArmedService, signal: Signal) {
  const when = policy.when.filter((c) => c.signal === signal.name);
  const verify = policy.verify.filter((c) => c.signal === signal.name);
  const thresholds = [...when, ...verify].map((c) => comparisonOf(c).threshold);
  if (thresholds.length === 0) return { good: 0, bad: 0 };
  const [highest, lowest] = [Math.max(...thresholds), Math.min(...thresholds)];
  const above = highest + beyond(highest);
  const below = lowest - beyond(lowest);
  const badIsHigh = when.some(isHigh) || verify.some((c) => !isHigh(c));
  const [outside, other] = badIsHigh ? [above, below] : [below, above];
  const isWell = (value: number) =>
    !when.some((c) => meets(value, comparisonOf(c))) && verify.every((c) => meets(value, comparisonOf(c)));
  // Where both sides are bad, as of a latency that must be neither long nor nothing, good lies between.
  const between = thresholds.map((t) => (t + lowest) / 2).concat((highest + lowest) / 2);
  return { good: [other, ...between].find(isWell) ?? other, bad: outside };
}

const isHigh = ({ is }: Condition): boolean => is === '>' || is === '>=';
/** Not so far that a ratio would be no ratio any more. */
const beyond = (threshold: number): number => Math.max(Math.abs(threshold), 0.01) / 4;
