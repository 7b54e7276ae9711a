import type { ArmedService, Signal } from '../core/service.ts';
import type { AlarmReading, Datapoint } from '../core/verdict.ts';

/** Measures. @throws OutsideTrouble when it cannot be read; no data is an empty list, never an error. */
export interface SignalReader {
  /** Datapoints whose period starts in [from, to), epoch ms, in order. */
  datapoints(signal: Signal, from: number, to: number): Promise<Datapoint[]>;
  /** The armed alarms as they stand now, one reading each; an alarm that does not exist reads MISSING. */
  alarms(alarms: ArmedService['alarms']): Promise<AlarmReading[]>;
}
