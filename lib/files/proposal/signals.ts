/** From an alarm to a signal, and to its lines of the policy. */
import { OPPOSITE } from '../../core/condition.ts';
import type { FoundAlarm, MetricAlarm } from '../../core/estate.ts';
import type { Unit } from '../../core/service.ts';
import { signalFormat } from '../signal-format.ts';
import { durationText } from '../units.ts';
import { type Draft, type DraftSignal, question, type Wanted } from './draft.ts';
import { named, nameFor } from './names.ts';

/** What a service has to be armed with fits into one parameter; more alarms say little more. */
const MOST_SIGNALS = 6;
/** Above this no incident has time to see a recovery. */
const LONGEST_PERIOD_SECONDS = 900;

/** Signals for these alarms, and a note for each alarm that cannot be one. */
export function signalsFor(wanted: Wanted, alarms: readonly FoundAlarm[]): Pick<Draft, 'signals' | 'notes'> {
  const signals: DraftSignal[] = [];
  const notes: string[] = [];
  for (const alarm of alarms) {
    const taken = signals.map(({ name }) => name);
    const made = signals.length < MOST_SIGNALS ? signalFor(wanted, alarm, taken) : TOO_MANY;
    if (typeof made === 'string') notes.push(`left out: alarm ${named(alarm.name)}: ${made}`);
    else signals.push(made);
  }
  return { signals, notes };
}

const TOO_MANY = `${MOST_SIGNALS} signals are enough to begin with`;

function signalFor(wanted: Wanted, alarm: FoundAlarm, taken: readonly string[]): DraftSignal | string {
  if (alarm.kind === 'other') return alarm.why;
  const { metric, statistic, periodSeconds: period, missing } = alarm;
  const threshold = numberText(alarm.threshold);
  if (threshold === undefined) return 'its threshold cannot be written with nine digits behind the point';
  if (period > LONGEST_PERIOD_SECONDS)
    return `its period of ${durationText(period)} is too long to prove a recovery by`;
  const unit = unitOf(alarm);
  const said = missing === undefined || missing === 'inconclusive' ? {} : { missing };
  const written = { metric, statistic, period: durationText(period), unit: unit.is, ...said };
  const wrong = objectionTo(written);
  if (wrong !== undefined) return wrong;
  const withAlarm = { ...written, alarm: alarm.arn };
  const reused = !isOurs(wanted, alarm) && objectionTo(withAlarm) === undefined;
  const name = nameFor(metric.name, taken, 'signal');
  const limit = UNITS_WRITTEN.has(unit.is) ? `${threshold} ${unit.is}` : threshold;
  return {
    name,
    written: reused ? withAlarm : written,
    ...linesOf(name, alarm, limit),
    remarks: remarksOn(alarm, { reused, ...unit }),
  };
}

function remarksOn(
  alarm: MetricAlarm,
  { reused, is, guessed }: Guess & { readonly reused: boolean },
): string[] {
  return [
    `alarm ${named(alarm.name)}${alarm.inAlarm ? ', in ALARM now: a baseline is recorded once it is OK' : ''}`,
    ...(reused ? [REUSED] : []),
    ...(guessed ? [question(`is it published in ${is}? The alarm names no unit`)] : []),
    ...(alarm.missing ? [] : [question(SILENT)]),
    ...(alarm.periodSeconds >= 60 ? [question(slowWords(alarm))] : []),
  ];
}

/** Those that a deploy of ours makes: a deploy of this file makes them again. */
const isOurs = ({ environment, service }: Wanted, { name }: MetricAlarm): boolean =>
  name.startsWith(`reinstate-${environment.name}-${service}-`);

const REUSED = 'this alarm opens incidents as it stands; without "alarm" the deploy makes one of its own';
const SILENT =
  'what does a period without data mean? The alarm does not say, or takes it for good; here missing data is never a proof of recovery (missing: breach, wait, or inconclusive, the default)';

const slowWords = ({ datapoints, periodSeconds }: MetricAlarm): string =>
  `is it published every 10 s (StorageResolution 1)? A period of ${durationText(periodSeconds)} detects after ${durationText(datapoints * periodSeconds)} at the soonest`;

/** The first thing that the format has against it. */
function objectionTo(written: unknown): string | undefined {
  const [issue] = signalFormat.safeParse(written).error?.issues ?? [];
  return issue && `${issue.path.join('.')}: ${issue.message}`;
}

type Lines = Pick<DraftSignal, 'when' | 'verify' | 'periodSeconds'>;

function linesOf(name: string, alarm: MetricAlarm, threshold: string): Lines {
  const { is, datapoints, of, periodSeconds } = alarm;
  const span = datapoints === of ? String(of) : `${datapoints} of ${of}`;
  return {
    when: `${name} ${is} ${threshold} for ${span}`,
    verify: `${name} ${OPPOSITE[is]} ${threshold}`,
    periodSeconds,
  };
}

/** As the grammar of conditions reads it, and equal. */
function numberText(threshold: number): string | undefined {
  const text = String(threshold);
  return /^-?\d{1,15}(\.\d{1,9})?$/.test(text) ? text : undefined;
}

const CLOUDWATCH_UNITS: Readonly<Record<string, Unit>> = {
  Milliseconds: 'ms',
  Seconds: 's',
  Percent: '%',
  Count: 'count',
};
/** Thresholds of the others need none. */
const UNITS_WRITTEN: ReadonlySet<Unit> = new Set(['ms', 's', 'min', '%']);

interface Guess {
  readonly is: Unit;
  readonly guessed: boolean;
}

function unitOf(alarm: MetricAlarm): Guess {
  const said = CLOUDWATCH_UNITS[alarm.unit ?? ''];
  return said ? { is: said, guessed: false } : { is: guessedUnit(alarm), guessed: true };
}

/** By its name, and by how large its threshold is: 250 of a latency are ms, 0.25 are seconds. */
function guessedUnit({ metric: { name }, statistic, threshold }: MetricAlarm): Unit {
  if (/percent|pct|%/i.test(name)) return '%';
  if (/latency|duration|time|millis/i.test(name)) return threshold > 10 ? 'ms' : 's';
  if (statistic === 'Sum' || statistic === 'SampleCount') return 'count';
  return Math.abs(threshold) <= 1 ? 'ratio' : 'count';
}
