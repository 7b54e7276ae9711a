/** Time stands in one place: nothing else in lib/core, lib/stages or lib/adapters reads or awaits it. */
export interface Clock {
  /** Epoch ms, UTC. */
  now(): number;
  sleep(ms: number): Promise<void>;
}
