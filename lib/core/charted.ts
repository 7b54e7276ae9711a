import { type Comparison, type Condition, comparisonOf, whenFalse } from './condition.ts';
import { type ArmedService, type Signal, signalNamed } from './service.ts';

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
  const verify = service.policy.verify.filter(known);
  const when = [...service.policy.when, ...alarms.map(({ condition }) => condition)].filter(known);
  const named = verify.map((condition): Charted => {
    const calls = when.find(({ signal }) => signal === condition.signal);
    return {
      signal: signalNamed(service, condition.signal),
      well: comparisonOf(condition),
      ...(calls && { alarm: comparisonOf(calls) }),
    };
  });
  const others = when.filter(
    ({ signal }, i) =>
      !verify.some((v) => v.signal === signal) && when.findIndex((w) => w.signal === signal) === i,
  );
  const unnamed = others.map(
    (condition): Charted => ({
      signal: signalNamed(service, condition.signal),
      well: whenFalse(condition),
      alarm: comparisonOf(condition),
    }),
  );
  return [...named, ...unnamed];
}
