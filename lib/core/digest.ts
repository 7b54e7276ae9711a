import { barredOf } from './git-lever.ts';
import type { Plan } from './plan.ts';
import type { Held } from './release.ts';
import { type PlannedStep, say } from './step.ts';

/** The digest of a plan: short enough to type, too long to be met by chance. */
export const DIGEST = /^[0-9a-f]{12}$/;

/**
 * All that a plan is about, as one text: equal exactly for plans that do the same to the same, in the same way: a lever
 * counts with everything that its service file says of it. Times, explanations and the order in which targets were seen
 * do not count; of a branch only the commit does, synced or not.
 */
export function digestedText({ environment, service, baseline, differences, rungs, leftOut }: Plan): string {
  const differ = differences.map((d) => [d.target, valueAt(d.target, d.now), d.baseline.value]);
  return JSON.stringify([
    environment ?? null,
    service,
    baseline,
    differ.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1)),
    rungs.map(({ steps, settle }) => [steps.map(stepFacts), settle.map(stepFacts)]),
    leftOut.map(({ lever }) => lever),
  ]);
}

const stepFacts = ({ id, phase, lever, target, from, to }: PlannedStep) => [
  id,
  phase,
  inOrder(lever),
  target,
  [valueAt(target, from), from.digest ?? null, from.runId ?? null],
  [valueAt(target, to), to.digest ?? null],
];

/** The same value with its keys in the order of the alphabet. */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [key, inOrder(inner)]);
  return entries.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

const valueAt = (target: string, { value }: Held): string | null =>
  value === null ? null : (barredOf(target, value) ?? value);

/** Values of flags may be 8 KB. */
const LONGEST_VALUE = 60;

/** A plan as one phrase: `new-features "true" -> "false", then champion "2" -> "1"`. */
export const planPhrase = ({ rungs }: Plan): string =>
  rungs.map(({ steps }) => steps.map(stepPhrase).join(' and ')).join(', then ');

const stepPhrase = ({ lever, from, to }: PlannedStep): string =>
  from.value === to.value
    ? `${lever.name} ${say(short(to.value))} again`
    : `${lever.name} ${say(short(from.value))} -> ${say(short(to.value))}`;

const short = (value: string | null): string | null =>
  value !== null && value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
