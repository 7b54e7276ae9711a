import { LONGEST_DEADLINE_SECONDS } from '../core/deadline.ts';
import type { Condition } from '../core/service.ts';
import type { WrittenCondition, WrittenSpan } from './condition.ts';
import { isWrong, type Wrong, wrong } from './problem.ts';
import type { WrittenSignal } from './signal-format.ts';
import { durationText } from './units.ts';

/** `when` counts some of the last periods; `verify` needs every one. */
export type Role = 'when' | 'verify';

export type Periods = Pick<Condition, 'datapoints' | 'of'>;

/** CloudWatch evaluates a day at most, and a week for periods of an hour and more (PutMetricAlarm, `Period`). */
const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 604_800;
const HOUR_SECONDS = 3600;

/** How many periods of its signal a condition counts. */
export function periodsOf(signal: WrittenSignal, written: WrittenCondition, role: Role): Periods | Wrong {
  const span = written.for;
  if (!span) return wrong('"for" is missing', `"${bare(written)} for ${role === 'when' ? '3 of 5' : '6'}"`);
  if (span.kind === 'some' && role === 'verify') {
    return wrong('recovery is proven by every period, not by some', `"${bare(written)} for ${span.of}"`);
  }
  const periods = inPeriods(span, signal.period);
  return isWrong(periods) ? periods : (tooLong(periods.of, signal.period, role) ?? periods);
}

function inPeriods(span: WrittenSpan, period: number): Periods | Wrong {
  if (span.kind === 'some') return { datapoints: span.datapoints, of: span.of };
  const of = span.kind === 'all' ? span.of : span.seconds / period;
  if (Number.isInteger(of) && of >= 1) return { datapoints: of, of };
  return wrong(
    `time is not a whole number of periods of ${period} s`,
    `${nearest(span.kind === 'lasting' ? span.seconds : 0, period)}, or a number of periods`,
  );
}

/** `10 s or 20 s`: the whole periods around a time that is none. */
function nearest(seconds: number, period: number): string {
  const below = Math.floor(seconds / period) * period;
  const around = below > 0 ? [below, below + period] : [period];
  return around.map(durationText).join(' or ');
}

function tooLong(of: number, period: number, role: Role): Wrong | undefined {
  const evaluated = period < HOUR_SECONDS ? DAY_SECONDS : WEEK_SECONDS;
  const most = role === 'when' ? evaluated : LONGEST_DEADLINE_SECONDS;
  if (of * period <= most) return undefined;
  const whose = role === 'when' ? 'CloudWatch evaluates' : 'an incident may last';
  const fitting = Math.floor(most / period);
  return wrong(
    `${of} x ${period} s is longer than ${whose}`,
    fitting > 0 ? `at most ${fitting}` : 'a signal with a shorter period',
  );
}

const bare = ({ signal, is, threshold: { number, unit, side } }: WrittenCondition): string =>
  `${signal} ${is} ${number}${unit ? ` ${unit}` : ''}${side ? ` ${side} baseline` : ''}`;
