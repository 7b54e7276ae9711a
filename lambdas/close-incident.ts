import { readFunctionEnv } from '../lib/core/function-env.ts';
import type { Cursor } from '../lib/core/incident.ts';
import { type Caught, closeIncident } from '../lib/stages/close-incident.ts';
import { boundedMarker } from '../lib/stages/mark-there.ts';
import { closingPorts } from './_closing.ts';
import { handlerOf } from './_handler.ts';
import { clock } from './_ports.ts';

const closing = closingPorts(readFunctionEnv('close-incident', process.env));
const ports = { ...closing, marker: boundedMarker(closing.marker, clock) };

export const handler = handlerOf((cursor: Cursor & Caught, context) =>
  closeIncident(ports, cursor, { remainingMs: () => context.getRemainingTimeInMillis() }),
);
