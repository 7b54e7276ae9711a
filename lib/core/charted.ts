import { type Comparison, type Condition, comparisonOf } from './condition.ts';
import { firstOfEach, lookedAt, wellOf } from './looked-at.ts';
import type { ArmedService, Signal } from './service.ts';

/** A signal as the report shows it: when it is well, and when it calls. */
export interface Charted {
  readonly signal: Signal;
  readonly well: Comparison;
  /** What its alarm compares with. @default - nothing opens an incident by this signal */
  readonly alarm?: Comparison;
}

/**
 * Every signal that opens an incident or proves its end, attached or not, each once for every way it has to be well.
 * Conditions whose reference is not known are left out: there is nothing to compare with.
 */
export function chartedBy({ service, alarms }: ArmedService): Charted[] {
  const known = (condition: Condition) => condition.threshold !== undefined;
  const when = [...service.policy.when, ...alarms.map(({ condition }) => condition)].filter(known);
  const calling = firstOfEach(when);
  return lookedAt(service, { verify: service.policy.verify.filter(known), calling }).map((looked) => {
    const calls = calling.find(({ signal }) => signal === looked.signal.name);
    return { signal: looked.signal, well: wellOf(looked), ...(calls && { alarm: comparisonOf(calls) }) };
  });
}
