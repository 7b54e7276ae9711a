/** What the signals of a service are now, for its conditions against the baseline. */
import { sentenceOf } from '../core/errors.ts';
import { referenceOf, referencesNeeded, referenceWindow } from '../core/reference.ts';
import type { Reference } from '../core/release.ts';
import type { ArmedService } from '../core/service.ts';
import type { Desk } from './desk.ts';

export interface Referred {
  readonly references: Readonly<Record<string, Reference>>;
  /** Why a signal has none, in sentences. */
  readonly objections: readonly string[];
}

/** Signals that no condition holds against the baseline are not asked for. */
export async function takeReferences(
  { signals, clock }: Pick<Desk, 'signals' | 'clock'>,
  { service }: ArmedService,
): Promise<Referred> {
  const references: Record<string, Reference> = {};
  const objections: string[] = [];
  for (const needed of referencesNeeded(service)) {
    const { signal } = needed;
    const window = referenceWindow(needed, clock.now());
    try {
      const seen = await signals.datapoints(signal, window.from, window.to);
      const found = referenceOf(needed, seen, window);
      if (typeof found === 'string') objections.push(found);
      else references[signal.name] = found;
    } catch (error) {
      objections.push(`signal ${signal.name} cannot be read: ${sentenceOf(error)}`);
    }
  }
  return { references, objections };
}
