import type { Meter } from '../../ports/meter.ts';
import type { MemoryWorld } from './world.ts';

export const memoryMeter = (world: MemoryWorld): Meter => ({
  record: (measure) => {
    world.measurements.push(...measure());
  },
});
