import type { Condition, Policy } from '../core/service.ts';
import { conditionFormat, type WrittenCondition, type WrittenThreshold } from './condition.ts';
import { refuseContradictions } from './contradictions.ts';
import { type Declared, undeclared } from './declared.ts';
import type { Refuse } from './findings.ts';
import { readLadder } from './ladder-check.ts';
import { periodsOf, type Role } from './periods.ts';
import type { Path } from './places.ts';
import { isWrong, type Wrong, wrong } from './problem.ts';
import type { WrittenSignal } from './signal-format.ts';
import { convert } from './units.ts';

/** The policy, its conditions in the units and periods of their signals. */
export function readPolicy(value: unknown, declared: Declared, refuse: Refuse): Policy | undefined {
  const written = Object(value) as Record<string, unknown>;
  const when = readConditions(written['when'], { role: 'when', declared }, refuse);
  const ladder = readLadder(written['do'], declared, refuse);
  const verify = readConditions(written['verify'], { role: 'verify', declared }, refuse);
  if (when && verify) refuseContradictions({ when, verify }, refuse);
  return when && ladder && verify && { when, do: ladder, verify };
}

interface Around {
  readonly role: Role;
  readonly declared: Declared;
}

function readConditions(value: unknown, around: Around, refuse: Refuse): Condition[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const conditions = list.map((item, index) => {
    const written = conditionFormat.safeParse(item).data;
    return written && fitted(written, { ...around, path: ['policy', around.role, index] }, refuse);
  });
  return conditions.every((condition) => condition !== undefined) ? conditions : undefined;
}

function fitted(
  written: WrittenCondition,
  at: Around & { path: Path },
  refuse: Refuse,
): Condition | undefined {
  const { signals } = at.declared;
  if (!signals.has(written.signal)) {
    return refuse([...at.path, 'signal'], undeclared('signal', written.signal, signals));
  }
  const signal = signals.get(written.signal);
  if (!signal) return undefined;
  const threshold = thresholdOf(signal, written.threshold);
  if (isWrong(threshold)) refuse([...at.path, 'threshold'], threshold);
  const periods = periodsOf(signal, written, at.role);
  if (isWrong(periods)) refuse([...at.path, 'for'], periods);
  if (isWrong(threshold) || isWrong(periods)) return undefined;
  return { signal: written.signal, is: written.is, ...threshold, ...periods };
}

/** In the signal's unit; a share of the baseline is a number only when the baseline is known. */
function thresholdOf(
  signal: WrittenSignal,
  written: WrittenThreshold,
): Pick<Condition, 'threshold' | 'relative'> | Wrong {
  if (written.side) {
    return { relative: { percent: written.side === 'below' ? -written.number : written.number } };
  }
  const threshold = inUnitOf(signal, written);
  return isWrong(threshold) ? threshold : { threshold };
}

function inUnitOf(signal: WrittenSignal, { number, unit }: WrittenThreshold): number | Wrong {
  if (unit !== undefined) return convert(number, unit, signal.unit);
  if (signal.unit === 'ratio' || signal.unit === 'count') return number;
  return wrong(
    `threshold ${number} has no unit`,
    `a unit that fits ${signal.unit}, such as ${number} ${signal.unit}`,
  );
}
