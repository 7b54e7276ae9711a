import * as z from 'zod';
import { SERVICE_FILE_VERSION } from '../core/format.ts';
import { callFormat } from './call-format.ts';
import { conditionFormat } from './condition.ts';
import { duration, mapping, name, says } from './forms.ts';
import { ladderFormat } from './ladder.ts';
import { leverFormat } from './lever-format.ts';
import { signalFormat } from './signal-format.ts';

/** How long something may take: never no time at all. */
export const goalFormat = duration.refine((seconds) => seconds > 0, {
  error: says('goal is no time at all', 'a duration such as 5 min'),
});

/** One condition or a list of them. The list comes first: `explain` takes the first form whose type fits. */
const conditions = z.union(
  [
    z.array(conditionFormat).min(1, { error: says('list is empty', 'at least one condition') }),
    conditionFormat,
  ],
  { error: says('not a condition', 'a condition such as latency > 250 ms for 3 of 5, or a list of them') },
);

const named = <T extends z.ZodType>(format: T, what: string) =>
  z
    .record(name, format, { error: says('not a mapping', `${what}s by name`) })
    .refine((all) => Object.keys(all).length > 0, {
      error: says('mapping is empty', `at least one ${what}`),
    });

export const runbookFormat = mapping({
  goal: goalFormat
    .optional()
    .describe('Goal for the time to recover; the goal of the environment when left out'),
  call: callFormat.default([]).describe('Who is called for this service, beside those the environment names'),
  'pre-approved': z
    .array(name, { error: says('not a list', 'names of levers, such as [new-features, champion]') })
    .default([])
    .describe('Levers that an alarm may pull; the others need a person'),
});

const policyFormat = mapping({
  when: conditions.describe('Any of these starts an incident'),
  do: ladderFormat.describe('What is pulled: "then" climbs only when not recovered, "and" is side by side'),
  verify: conditions.describe('All of these together prove recovery'),
});

const versionFormat = z.literal(SERVICE_FILE_VERSION, {
  error: says('version is unknown', `${SERVICE_FILE_VERSION}; a newer file needs a newer Reinstate`),
});

/** The format of `environments/<environment>/services/<service>.yaml`. */
export const serviceFormat = mapping({
  signals: named(signalFormat, 'signal').describe('What is measured, by name'),
  levers: named(leverFormat, 'lever').describe('What can be pulled, by name; the name is a label only'),
  runbook: runbookFormat.describe('Goal, people, and what automation may do'),
  policy: policyFormat.describe('Three lines: when, do, verify'),
  version: versionFormat.optional().describe(`Version of this format; ${SERVICE_FILE_VERSION} when left out`),
}).describe('One service that Reinstate returns to its last known good release');
