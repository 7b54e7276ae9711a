import type { Signal } from '../../core/service.ts';
import type { SignalReader } from '../../ports/signal-reader.ts';
import type { MemoryWorld } from './world.ts';

/**
 * Datapoints and alarms as they stand in the world's maps.
 * @param seriesOf the name of a signal's datapoints. @default its own: enough where one service is looked at
 */
export const memorySignals = (
  world: MemoryWorld,
  seriesOf: (signal: Signal) => string = ({ name }) => name,
): SignalReader => ({
  datapoints: (signal, from, to) =>
    world.trouble.during('cloudwatch.GetMetricData', () => {
      const all = world.datapoints.get(seriesOf(signal)) ?? [];
      const inside = all.filter(({ at, value }) => at >= from && at < to && Number.isFinite(value));
      return inside.map((point) => ({ ...point })).sort((a, b) => a.at - b.at);
    }),
  alarms: (alarms) =>
    world.trouble.during('cloudwatch.DescribeAlarms', () =>
      alarms.map(({ arn }) => {
        const missing = { state: 'MISSING', since: 0, windowSeconds: 0 } as const;
        return { arn, ...(world.alarms.get(arn) ?? missing) };
      }),
    ),
});
