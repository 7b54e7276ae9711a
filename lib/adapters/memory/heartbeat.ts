import type { Heartbeat } from '../../ports/heartbeat.ts';
import type { MemoryWorld } from './world.ts';

export const memoryHeartbeat = (world: MemoryWorld): Heartbeat => ({
  beat: () =>
    world.trouble.during('cloudwatch.PutMetricData', () => {
      world.beats.push(world.clock.now());
    }),
});
