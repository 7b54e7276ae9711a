/** What the signals of a service are now, for its conditions against the baseline. */
import { sideBySide } from '../adapters/side-by-side.ts';
import { sentenceOf } from '../core/errors.ts';
import { referenceOf, referencesNeeded, referenceWindow } from '../core/reference.ts';
import type { Reference } from '../core/release.ts';
import type { ArmedService, Signal } from '../core/service.ts';
import type { Desk } from './desk.ts';

export interface Referred {
  readonly references: Readonly<Record<string, Reference>>;
  /** Why a signal has none, in sentences. */
  readonly objections: readonly string[];
}

/** More at a time would run into the limits of CloudWatch. */
const AT_ONCE = 5;

/** Signals that no condition holds against the baseline are not asked for. One that hangs or fails hides no other. */
export async function takeReferences(
  { signals, clock }: Pick<Desk, 'signals' | 'clock'>,
  { service }: ArmedService,
): Promise<Referred> {
  const needed = referencesNeeded(service);
  const taken = await sideBySide(needed, AT_ONCE, async (one) => {
    const window = referenceWindow(one, clock.now());
    return referenceOf(one, await signals.datapoints(one.signal, window.from, window.to), window);
  });
  const references: Record<string, Reference> = {};
  const objections: string[] = [];
  for (const [n, { signal }] of needed.entries()) {
    const found = taken[n]?.status === 'fulfilled' ? taken[n].value : unreadable(signal, taken[n]?.reason);
    if (typeof found === 'string') objections.push(found);
    else references[signal.name] = found;
  }
  return { references, objections };
}

const unreadable = ({ name }: Signal, error: unknown): string =>
  `signal ${name} cannot be read: ${sentenceOf(error)}`;
