import { describe, expect, it } from '@jest/globals';
import type { ArmedService, Signal } from '../../lib/core/service.ts';
import type { Datapoint } from '../../lib/core/verdict.ts';
import type { SignalReader } from '../../lib/ports/signal-reader.ts';
import { anArmedService } from './armed.ts';

export interface SignalsPlace {
  readonly reader: SignalReader;
  /** A signal without datapoints, period 60 s, and the start of a whole minute some minutes ago. */
  readonly signal: Signal;
  readonly minute: number;
  publish(points: readonly Datapoint[]): Promise<void>;
  /** An alarm over 5 periods of 60 s, in this state. @returns its ARN. */
  alarm(state: 'OK' | 'ALARM'): Promise<string>;
}

/** What a signal reader keeps, on CloudWatch and in memory. */
export function describeSignalReader(name: string, make: () => Promise<SignalsPlace>): void {
  describe(`${name} is a signal reader`, () => {
    const minutes = (place: SignalsPlace, ...values: number[]): Datapoint[] =>
      values.map((value, n) => ({ at: place.minute + n * 60_000, value }));

    it('F44: reads no data as none', async () => {
      const { reader, signal, minute } = await make();

      expect(await reader.datapoints(signal, minute, minute + 300_000)).toEqual([]);
    });

    it('reads datapoints by the start of their period, in order', async () => {
      const place = await make();
      const points = minutes(place, 10, 20, 30, 40);
      await place.publish(points);

      const { reader, signal, minute } = place;
      expect(await reader.datapoints(signal, minute, minute + 240_000)).toEqual(points);
    });

    it('F45: leaves out the period that began before, and the one that begins at the end', async () => {
      const place = await make();
      const points = minutes(place, 10, 20, 30, 40);
      await place.publish(points);

      const { reader, signal, minute } = place;
      expect(await reader.datapoints(signal, minute + 1, minute + 180_000)).toEqual(points.slice(1, 3));
      expect(await reader.datapoints(signal, minute + 60_000, minute + 60_000)).toEqual([]);
    });

    it('reads alarms in the order they are asked for, a missing one too', async () => {
      const place = await make();
      const [red, green] = [await place.alarm('ALARM'), await place.alarm('OK')];
      const missing = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:nobody';

      const readings = await place.reader.alarms(armed(missing, green, red));

      expect(readings.map(({ arn, state }) => [arn, state])).toEqual([
        [missing, 'MISSING'],
        [green, 'OK'],
        [red, 'ALARM'],
      ]);
      expect(readings.map((r) => r.windowSeconds)).toEqual([0, 300, 300]);
      expect(readings[2]?.since).toBeGreaterThan(Date.UTC(2026, 0));
    });

    it('reads no alarm where none is asked for', async () => {
      const { reader } = await make();

      expect(await reader.alarms([])).toEqual([]);
    });
  });
}

function armed(...arns: string[]): ArmedService['alarms'] {
  const [known] = anArmedService([]).alarms;
  return known ? arns.map((arn) => ({ ...known, arn })) : [];
}
