import type { Measurement } from '../core/metrics.ts';

/** Where figures go. It neither waits nor throws: no figure is worth a closing. */
export interface Meter {
  /** @param measure makes the figures; one that throws is written down, and nobody hears of it. */
  record(measure: () => readonly Measurement[]): void;
}
