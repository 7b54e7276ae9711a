import * as z from 'zod';
import { type Condition, UNITS, type Unit } from '../core/service.ts';
import { mapping, name, oneOf, read, says } from './forms.ts';
import { isWrong, type Wrong, wrong } from './problem.ts';
import { DURATION, isUnit, secondsOf } from './units.ts';

/** A condition as it was written; whether it fits its signal is for policy.ts. */
export interface WrittenCondition {
  readonly signal: string;
  readonly is: Condition['is'];
  readonly threshold: WrittenThreshold;
  readonly for?: WrittenSpan | undefined;
}

export interface WrittenThreshold {
  readonly number: number;
  readonly unit?: Unit;
  /** `number` is per cent of what the signal was at the baseline. */
  readonly side?: Side;
}

type Side = 'below' | 'above';

/** `3 of 5`, `6` or `5 min`. */
export type WrittenSpan =
  | { readonly kind: 'some'; readonly datapoints: number; readonly of: number }
  | { readonly kind: 'all'; readonly of: number }
  | { readonly kind: 'lasting'; readonly seconds: number };

const OPERATORS = ['>', '>=', '<', '<='] as const satisfies readonly Condition['is'][];
/** Words for `<` and `>`, each with the one side that it goes with. */
const MOVES = { drops: { is: '<', side: 'below' }, rises: { is: '>', side: 'above' } } as const;
const SHAPE =
  /^([a-z][a-z0-9-]{0,39})(?:\s*(>=|<=|>|<)\s*|\s+(drops|rises)\s+)(\S+?(?:\s*(?!for\b)[A-Za-z%]+)?(?:\s+(?:below|above)\s+baseline)?)(?:\s+for\s+(\S.*))?$/;
const RELATIVE = /^(\d{1,6}(?:\.\d{1,6})?)\s*%\s+(below|above)\s+baseline$/;
const THRESHOLD = /^(-?\d{1,15}(?:\.\d{1,9})?)\s*([A-Za-z%]*)$/;
const EITHER_THRESHOLD = new RegExp(`${THRESHOLD.source}|${RELATIVE.source}`);
const SPAN = /^(\d{1,6})(?:\s+of\s+(\d{1,6}))?$/;

const SHORT_EXAMPLE = 'a condition such as latency > 250 ms for 3 of 5';
const THRESHOLD_EXAMPLE = 'a number and a unit, such as 250 ms';
const RELATIVE_EXAMPLE = 'per cent of the baseline, such as 3 % below baseline';
const SPAN_EXAMPLE = '<M> of <N>, <N> or a duration, such as 3 of 5, 6 or 5 min';

/** `latency > 250 ms for 3 of 5`, or the same as a mapping. */
export const conditionFormat = z.union(
  [
    read(SHAPE, parseCondition, SHORT_EXAMPLE).describe(
      '<signal> <operator> <number> <unit> for <M> of <N>, or <signal> drops <number> % below baseline for <time>',
    ),
    mapping({
      signal: name.describe('Name of a signal of this file'),
      is: oneOf(OPERATORS).describe('How the signal compares with the threshold'),
      threshold: orNumber(
        read(EITHER_THRESHOLD, parseThreshold, THRESHOLD_EXAMPLE),
        parseThreshold,
        THRESHOLD_EXAMPLE,
      ).describe(
        'Number with a unit that fits the signal, such as 250 ms or 5 %, or per cent of the baseline, such as 3 % below baseline',
      ),
      for: orNumber(read(/^\d/, parseSpan, SPAN_EXAMPLE), parseSpan, SPAN_EXAMPLE)
        .optional()
        .describe('Periods: 3 of 5, 6, or a duration such as 5 min'),
    }),
  ],
  { error: says('not a condition', SHORT_EXAMPLE) },
);

/** `latency > 250 ms for 3 of 5` */
function parseCondition(typed: string): WrittenCondition | Wrong {
  const [, signal = '', operator, word, limit = '', span] = SHAPE.exec(typed) ?? [];
  if (signal === '') return wrong('not a condition', SHORT_EXAMPLE);
  const threshold = parseThreshold(limit);
  if (isWrong(threshold)) return threshold;
  const is = word === undefined ? operator : moved(word as keyof typeof MOVES, threshold);
  if (isWrong(is)) return is;
  const parsed = span === undefined ? undefined : parseSpan(span);
  if (isWrong(parsed)) return parsed;
  return { signal, is: is as Condition['is'], threshold, for: parsed };
}

/** `drops 3 % below baseline` is `< 3 % below baseline`; of a fixed threshold, nobody knows from where it drops. */
function moved(word: keyof typeof MOVES, { number, unit, side }: WrittenThreshold): Condition['is'] | Wrong {
  const meant = MOVES[word];
  if (side === meant.side) return meant.is;
  const amount = unit ? `${number} ${unit}` : String(number);
  if (side === undefined && unit !== '%')
    return wrong(`"${word}" is for the baseline`, `"${meant.is} ${amount}"`);
  return wrong(
    `"${word}" needs "${meant.side} baseline"`,
    `"${word} ${amount} ${meant.side} baseline"${side === undefined ? ` or "${meant.is} ${amount}"` : ''}`,
  );
}

function parseThreshold(typed: string): WrittenThreshold | Wrong {
  if (/\bbaseline$/.test(typed)) return parseRelative(typed);
  const [, number, unit = ''] = THRESHOLD.exec(typed) ?? [];
  if (number === undefined) return wrong(`"${typed}" is not a threshold`, THRESHOLD_EXAMPLE);
  if (unit === '') return { number: Number(number) };
  return isUnit(unit)
    ? { number: Number(number), unit }
    : wrong(`unit "${unit}" is unknown`, `one of ${UNITS.join(', ')}`);
}

function parseRelative(typed: string): WrittenThreshold | Wrong {
  const [, number, side] = RELATIVE.exec(typed) ?? [];
  if (number === undefined) return wrong(`"${typed}" is not a share of the baseline`, RELATIVE_EXAMPLE);
  if (side === 'below' && Number(number) >= 100)
    return wrong(`nothing is ${number} % below a baseline`, 'less than 100 %');
  return { number: Number(number), unit: '%', side: side as Side };
}

function parseSpan(typed: string): WrittenSpan | Wrong {
  if (DURATION.test(typed)) return { kind: 'lasting', seconds: secondsOf(typed) };
  const [, first, second] = SPAN.exec(typed) ?? [];
  if (first === undefined) return wrong(`"${typed}" is not a number of periods`, SPAN_EXAMPLE);
  const [datapoints, of] = [Number(first), Number(second ?? first)];
  if (datapoints < 1) return wrong(`"${typed}" asks for no period at all`, 'at least 1 period');
  if (datapoints > of)
    return wrong(`"${typed}" asks for more periods than it looks at`, `at most ${of} of ${of}`);
  return second === undefined ? { kind: 'all', of } : { kind: 'some', datapoints, of };
}

/** YAML makes numbers of `6` and `0.7`; they mean the same as the texts. */
function orNumber<T extends z.ZodType>(
  typed: T,
  grammar: (text: string) => z.output<T> | Wrong,
  expected: string,
) {
  const number = z.number({ error: says('not a number', expected) }).transform((value, context) => {
    const parsed = grammar(String(value));
    if (!isWrong(parsed)) return parsed;
    context.addIssue({ code: 'custom', message: says(parsed.wrong, parsed.expected) });
    return z.NEVER;
  });
  return z.union([typed, number], { error: says('neither a text nor a number', expected) });
}
