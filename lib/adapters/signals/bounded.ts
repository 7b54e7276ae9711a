import type { Clock } from '../../ports/clock.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import { bounded } from '../notify/bound.ts';

/** A chart is worth so much of the time in which an incident is closed. */
const CHART_BUDGET_MS = 5_000;

/** Datapoints within a time, or not at all. @throws OutsideTrouble when it is over */
export const boundedSignals = (
  reader: SignalReader,
  clock: Clock,
  budgetMs = CHART_BUDGET_MS,
): SignalReader => ({
  ...reader,
  datapoints: (...what) => bounded(clock, () => reader.datapoints(...what), budgetMs),
});
