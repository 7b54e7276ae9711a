import type { Cursor } from '../../lib/core/incident.ts';
import { type Caught, type CloseIncidentPorts, closeIncident } from '../../lib/stages/close-incident.ts';
import { boundedMarker } from '../../lib/stages/mark-there.ts';
import { handlerOf } from '../_handler.ts';

export const closeIncidentHandler = (given: CloseIncidentPorts) => {
  const ports = { ...given, marker: boundedMarker(given.marker, given.clock) };
  return handlerOf((cursor: Cursor & Caught, context) =>
    closeIncident(ports, cursor, { remainingMs: () => context.getRemainingTimeInMillis() }),
  );
};
