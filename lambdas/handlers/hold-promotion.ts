import type { Cursor } from '../../lib/core/incident.ts';
import { type HoldPromotionPorts, holdPromotion } from '../../lib/stages/hold-promotion.ts';
import { boundedMarker } from '../../lib/stages/mark-there.ts';
import { handlerOf } from '../_handler.ts';

export const holdPromotionHandler = (given: HoldPromotionPorts) => {
  const ports = { ...given, marker: boundedMarker(given.marker, given.clock) };
  return handlerOf((cursor: Cursor, context) =>
    holdPromotion(ports, cursor, { remainingMs: () => context.getRemainingTimeInMillis() }),
  );
};
