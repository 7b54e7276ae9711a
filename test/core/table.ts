import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { memoryWorld } from '../../lib/adapters/memory/world.ts';
import type { Incident } from '../../lib/core/incident.ts';
import { type Lease, openWrites } from '../../lib/core/lease.ts';
import type { Write } from '../../lib/core/write.ts';
import { aLease, alarmArn, anIncident, at } from '../builders.ts';

/** A table in which the incident of the builders is open. */
export async function opened(incident: Incident = anIncident(), lease: Lease = aLease()) {
  const world = memoryWorld();
  const ledger = memoryLedger(world);
  await ledger.write(openWrites(undefined, lease, incident));
  const outcome = async (writes: readonly Write[]) => (await ledger.write(writes)).outcome;
  return { ledger, outcome, lease, incident };
}
/** An alarm that joins so many seconds after the first. */
export const alarm = (signal: string, seconds = 20) => ({
  arn: alarmArn(signal),
  at: at(seconds),
  joinedAt: at(seconds),
});
