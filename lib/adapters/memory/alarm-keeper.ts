import type { ArmedService, Comparison } from '../../core/service.ts';
import type { AlarmKeeper } from '../../ports/alarm-keeper.ts';
import type { MemoryWorld } from './world.ts';

/** Thresholds as they stand in the world's map; an alarm that does not exist has none. */
export const memoryAlarmKeeper = (world: MemoryWorld): AlarmKeeper => ({
  keep: (_, alarms) =>
    world.trouble.during('cloudwatch.PutMetricAlarm', () => {
      const changed = alarms.filter(
        ({ arn, condition }) => world.alarms.has(arn) && world.thresholds.get(arn) !== condition.threshold,
      );
      for (const { arn, condition } of changed) world.thresholds.set(arn, condition.threshold ?? 0);
      return changed.map(({ arn }) => arn);
    }),
});

/** When an alarm fires now; one against the baseline does not before it was moved. */
export function firesAt(
  { thresholds }: Pick<MemoryWorld, 'thresholds'>,
  { arn, condition }: ArmedService['alarms'][number],
): Comparison | undefined {
  const threshold = condition.relative ? thresholds.get(arn) : condition.threshold;
  return threshold === undefined ? undefined : { is: condition.is, threshold };
}
