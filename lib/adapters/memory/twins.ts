/** All ports of the functions over twins of one world. */
import { memoryAlarmKeeper } from './alarm-keeper.ts';
import { memoryMarker } from './alias.ts';
import { memoryClusterFinder } from './cluster-finder.ts';
import { memoryExecutions } from './executions.ts';
import { memoryHeartbeat } from './heartbeat.ts';
import { memoryLedger } from './ledger.ts';
import { memoryLevers } from './levers.ts';
import { memoryMeter } from './meter.ts';
import { memoryNotifier } from './notifier.ts';
import { memoryReports } from './report-store.ts';
import { memorySettings } from './settings.ts';
import { memorySignals } from './signals.ts';
import type { MemoryWorld } from './world.ts';

/** @param seriesOf as `memorySignals` takes it */
export const twinsOf = (
  world: MemoryWorld,
  environment: string,
  seriesOf?: Parameters<typeof memorySignals>[1],
) => ({
  ledger: memoryLedger(world),
  levers: memoryLevers(world),
  clusters: memoryClusterFinder(world),
  marker: memoryMarker(world),
  settings: memorySettings(world, environment),
  signals: memorySignals(world, seriesOf),
  alarmKeeper: memoryAlarmKeeper(world),
  executions: memoryExecutions(world),
  notifier: memoryNotifier(world),
  reports: memoryReports(world),
  heartbeat: memoryHeartbeat(world),
  meter: memoryMeter(world),
  clock: world.clock,
});
