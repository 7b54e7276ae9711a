import { readFunctionEnv } from '../lib/core/function-env.ts';
import type { Cursor } from '../lib/core/incident.ts';
import { type Caught, closeIncident } from '../lib/stages/close-incident.ts';
import { closingPorts } from './_closing.ts';
import { handlerOf } from './_handler.ts';

const ports = closingPorts(readFunctionEnv('close-incident', process.env));

export const handler = handlerOf((cursor: Cursor & Caught) => closeIncident(ports, cursor));
