/** Which signals an incident looks at, and how each is well: one rule for judging, for the report and for `watch`. */
import { type Comparison, type Condition, comparisonOf, whenFalse } from './condition.ts';
import { type Service, type Signal, signalNamed } from './service.ts';

/** A signal by a condition of `verify`, which is to be met, or by one that calls, which is to be false. */
export interface LookedAt {
  readonly signal: Signal;
  readonly condition: Condition;
  readonly verifies: boolean;
}

/** The signals that `verify` names, and those that only conditions name that call. */
export function lookedAt(
  service: Service,
  { verify, calling }: { readonly verify: readonly Condition[]; readonly calling: readonly Condition[] },
): LookedAt[] {
  const others = calling.filter(({ signal }) => !verify.some((named) => named.signal === signal));
  return [
    ...verify.map((condition) => looked(service, condition, true)),
    ...others.map((condition) => looked(service, condition, false)),
  ];
}

const looked = (service: Service, condition: Condition, verifies: boolean): LookedAt => ({
  signal: signalNamed(service, condition.signal),
  condition,
  verifies,
});

/** @throws as `comparisonOf`, when the reference is not known */
export const wellOf = ({ condition, verifies }: LookedAt): Comparison =>
  verifies ? comparisonOf(condition) : whenFalse(condition);

/** Of several conditions on one signal the first. */
export const firstOfEach = (conditions: readonly Condition[]): Condition[] =>
  conditions.filter(({ signal }, nth) => conditions.findIndex((c) => c.signal === signal) === nth);
