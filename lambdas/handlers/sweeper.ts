import type { CallEntry } from '../../lib/core/service.ts';
import { boundedMarker } from '../../lib/stages/mark-there.ts';
import { type SweeperPorts, sweep } from '../../lib/stages/sweeper.ts';
import { handlerOf } from '../_handler.ts';

/** A tick of the schedule, or an execution's status change from the watch rule. */
export interface WakeUp {
  readonly detail?: { readonly executionArn?: string };
}

export const sweeperHandler = (
  given: SweeperPorts,
  services: readonly string[],
  paged: readonly CallEntry[] = [],
) => {
  const ports = { ...given, marker: boundedMarker(given.marker, given.clock) };
  return handlerOf(({ detail }: WakeUp) => {
    const execution = detail?.executionArn;
    return sweep(ports, { services, paged, ...(execution !== undefined && { execution }) });
  });
};
